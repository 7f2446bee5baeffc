output "cluster" {
  description = "gcloud container clusters get-credentials ..."
  value       = google_container_cluster.this.name
}

output "runs" {
  description = "Give it to --output and --to."
  value       = "gs://${google_storage_bucket.runs.name}/"
}

output "service_account" {
  description = "Annotate the pods' service account with it: iam.gke.io/gcp-service-account."
  value       = google_service_account.scan.email
}
