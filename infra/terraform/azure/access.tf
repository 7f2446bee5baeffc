# What lakescan's pods may do. The actions are those of infra/iam, which a test compares with the calls
# that lakescan makes.

locals {
  read  = jsondecode(file("${path.module}/../../iam/azure-read.json"))
  write = jsondecode(file("${path.module}/../../iam/azure-write.json"))
}

data "azurerm_resource_group" "this" {
  name = var.resource_group
}

resource "azurerm_user_assigned_identity" "scan" {
  name                = "${var.name}-scan"
  location            = var.location
  resource_group_name = var.resource_group
  tags                = var.tags
}

# The pods' service account acts as the identity; no secret exists.
resource "azurerm_federated_identity_credential" "pods" {
  name                = "pods"
  resource_group_name = var.resource_group
  parent_id           = azurerm_user_assigned_identity.scan.id
  issuer              = azurerm_kubernetes_cluster.this.oidc_issuer_url
  audience            = ["api://AzureADTokenExchange"]
  subject             = "system:serviceaccount:${var.namespace}:${var.service_account}"
}

resource "azurerm_role_definition" "read" {
  for_each = var.lake
  name     = "${var.name}: read ${each.key}"
  scope    = each.value
  permissions {
    actions      = local.read.actions
    data_actions = local.read.data_actions
  }
}

resource "azurerm_role_assignment" "read" {
  for_each           = var.lake
  scope              = each.value
  role_definition_id = azurerm_role_definition.read[each.key].role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.scan.principal_id
}

resource "azurerm_role_definition" "write" {
  name  = "${var.name}: write runs"
  scope = data.azurerm_resource_group.this.id
  permissions {
    actions      = local.write.actions
    data_actions = local.write.data_actions
  }
}

resource "azurerm_role_assignment" "write" {
  scope              = azurerm_storage_container.runs.id
  role_definition_id = azurerm_role_definition.write.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.scan.principal_id
}
