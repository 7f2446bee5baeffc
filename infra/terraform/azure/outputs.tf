output "cluster" {
  description = "az aks get-credentials --name ..."
  value       = azurerm_kubernetes_cluster.this.name
}

output "runs" {
  description = "Give it to --output and --to."
  value       = "abfss://${azurerm_storage_container.runs.name}@${azurerm_storage_account.runs.name}.dfs.core.windows.net/"
}

output "client_id" {
  description = "Annotate the pods' service account with it: azure.workload.identity/client-id."
  value       = azurerm_user_assigned_identity.scan.client_id
}
