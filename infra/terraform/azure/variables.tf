variable "name" {
  description = "Names the cluster, the identity and the storage account."
  type        = string
  default     = "lakescan"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,17}$", var.name))
    error_message = "name: 3 to 18 lower-case letters and digits, since the storage account is named after it."
  }
}

variable "resource_group" {
  description = "An existing resource group."
  type        = string
}

variable "location" {
  description = "The lake's own region."
  type        = string
}

variable "subnet_id" {
  description = "The nodes' subnet."
  type        = string
}

variable "lake" {
  description = "What may be read: resource ids of containers (.../storageAccounts/A/blobServices/default/containers/C), by a name of yours."
  type        = map(string)
}

variable "administrators" {
  description = "Object ids of the groups that administer the cluster."
  type        = list(string)
}

variable "node_size" {
  description = "Four processors and 16 GiB for four actors."
  type        = string
  default     = "Standard_D4s_v5"
}

variable "max_nodes" {
  description = "The most nodes that scan at one time; there are none when nothing is scanned."
  type        = number
  default     = 10
}

variable "namespace" {
  description = "The namespace of lakescan's pods."
  type        = string
  default     = "lakescan"
}

variable "service_account" {
  description = "The service account of lakescan's pods (serviceAccount.name of the chart)."
  type        = string
  default     = "lakescan"
}

variable "tags" {
  description = "Of everything."
  type        = map(string)
  default     = {}
}
