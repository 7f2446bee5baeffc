# An Autopilot cluster: nodes come with the pods that ask for them, and go with them.

resource "google_container_cluster" "this" {
  # checkov:skip=CKV_GCP_12: Autopilot enforces network policies by itself
  # checkov:skip=CKV_GCP_23: Autopilot is VPC-native by itself
  # checkov:skip=CKV_GCP_61: Autopilot has flow visibility by itself
  # checkov:skip=CKV_GCP_65: groups of a directory are yours to connect
  # checkov:skip=CKV_GCP_69: Autopilot runs the metadata server by itself
  # checkov:skip=CKV_GCP_13: client certificates are off unless asked for
  name             = var.name
  project          = var.project
  location         = var.region
  network          = var.network
  subnetwork       = var.subnetwork
  enable_autopilot = true
  resource_labels  = var.labels

  release_channel {
    channel = "REGULAR"
  }
  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = length(var.api_cidrs) == 0
  }
  master_authorized_networks_config {
    dynamic "cidr_blocks" {
      for_each = var.api_cidrs
      content {
        display_name = cidr_blocks.key
        cidr_block   = cidr_blocks.value
      }
    }
  }
  binary_authorization {
    evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE"
  }
}
