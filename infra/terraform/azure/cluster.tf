# A private cluster whose pods have identities of their own; nodes come with the work.

resource "azurerm_kubernetes_cluster" "this" {
  # checkov:skip=CKV_AZURE_117: disks are encrypted with the platform's key; nothing lasting is on them
  # checkov:skip=CKV_AZURE_226: nodes of any size are allowed, and not all have room for ephemeral disks
  # checkov:skip=CKV_AZURE_227: as above: not every size can encrypt at the host
  # checkov:skip=CKV_AZURE_232: one pool for what always runs and the system's own pods
  # checkov:skip=CKV_AZURE_4: a workspace for logs is yours to connect
  name                              = var.name
  location                          = var.location
  resource_group_name               = var.resource_group
  dns_prefix                        = var.name
  sku_tier                          = "Standard"
  private_cluster_enabled           = true
  local_account_disabled            = true
  role_based_access_control_enabled = true
  oidc_issuer_enabled               = true
  workload_identity_enabled         = true
  azure_policy_enabled              = true
  automatic_upgrade_channel         = "stable"
  tags                              = var.tags

  default_node_pool {
    name           = "steady"
    vm_size        = var.node_size
    node_count     = 1
    max_pods       = 50
    vnet_subnet_id = var.subnet_id
  }
  identity {
    type = "SystemAssigned"
  }
  azure_active_directory_role_based_access_control {
    azure_rbac_enabled     = true
    admin_group_object_ids = var.administrators
  }
  network_profile {
    network_plugin = "azure"
    network_policy = "azure"
  }
  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "scan" {
  # checkov:skip=CKV_AZURE_227: nodes of any size are allowed, and not every size can encrypt at the host
  name                  = "scan"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  vm_size               = var.node_size
  vnet_subnet_id        = var.subnet_id
  auto_scaling_enabled  = true
  min_count             = 0
  max_count             = var.max_nodes
  max_pods              = 50
  tags                  = var.tags
}
