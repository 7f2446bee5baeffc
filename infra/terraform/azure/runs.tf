# Where run folders, reports and anonymized tables go.

resource "azurerm_storage_account" "runs" {
  # checkov:skip=CKV_AZURE_33: it has no queues
  # checkov:skip=CKV_AZURE_206: reports can be made again; they are not worth a second region
  # checkov:skip=CKV2_AZURE_1: encrypted with the platform's key
  # checkov:skip=CKV2_AZURE_33: the cluster's subnet is let in by network_rules
  # checkov:skip=CKV_AZURE_59: without the public endpoint a subnet's rule would not count; all else is denied
  name                            = "${var.name}runs"
  resource_group_name             = var.resource_group
  location                        = var.location
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  public_network_access_enabled   = true
  shared_access_key_enabled       = false
  local_user_enabled              = false
  tags                            = var.tags

  blob_properties {
    versioning_enabled = true
    delete_retention_policy {
      days = 30
    }
  }
  network_rules {
    default_action             = "Deny"
    virtual_network_subnet_ids = [var.subnet_id]
    bypass                     = ["AzureServices"]
  }
  sas_policy {
    expiration_period = "01.00:00:00"
  }
}

resource "azurerm_storage_container" "runs" {
  # checkov:skip=CKV2_AZURE_21: who reads it is told by the account's diagnostics
  name                  = "runs"
  storage_account_id    = azurerm_storage_account.runs.id
  container_access_type = "private"
}
