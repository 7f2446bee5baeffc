# What lakescan's pods may do. The permissions are those of infra/iam, which a test compares with the
# calls that lakescan makes.

resource "google_service_account" "scan" {
  project      = var.project
  account_id   = var.name
  display_name = "lakescan's pods"
}

# The pods' service account in Kubernetes acts as this one; no key exists.
resource "google_service_account_iam_member" "pods" {
  service_account_id = google_service_account.scan.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${var.namespace}/${var.service_account}]"
  depends_on         = [google_container_cluster.this] # makes the identity pool
}

resource "google_project_iam_custom_role" "read" {
  project     = var.project
  role_id     = "${replace(var.name, "-", "_")}_read"
  title       = "lakescan: read objects"
  permissions = jsondecode(file("${path.module}/../../iam/gcp-read.json"))
}

resource "google_project_iam_custom_role" "write" {
  project     = var.project
  role_id     = "${replace(var.name, "-", "_")}_write"
  title       = "lakescan: write objects"
  permissions = jsondecode(file("${path.module}/../../iam/gcp-write.json"))
}

resource "google_storage_bucket_iam_member" "read" {
  for_each = var.lake
  bucket   = each.value
  role     = google_project_iam_custom_role.read.id
  member   = google_service_account.scan.member
}

resource "google_storage_bucket_iam_member" "write" {
  bucket = google_storage_bucket.runs.name
  role   = google_project_iam_custom_role.write.id
  member = google_service_account.scan.member
}
