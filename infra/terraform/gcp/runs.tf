# Where run folders, reports and anonymized tables go.

resource "google_storage_bucket" "runs" {
  # checkov:skip=CKV_GCP_62: who reads it is told by the project's audit log
  name                        = "${var.project}-${var.name}-runs"
  project                     = var.project
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = var.labels

  versioning {
    enabled = true
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
    }
  }
  # What a killed worker left of an upload.
  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 2
    }
  }
}
