variable "name" {
  description = "Names the cluster, the roles and the bucket."
  type        = string
  default     = "lakescan"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name: lower-case letters, digits and dashes, at most 31 characters."
  }
}

variable "subnet_ids" {
  description = "Private subnets, in two zones at least, from which S3 and the databases can be reached."
  type        = list(string)
  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids: EKS wants two subnets at least, in different zones."
  }
}

variable "lake" {
  description = "What may be read: bucket names and, in each, a prefix (empty for all of it)."
  type        = map(string)
}

variable "kubernetes_version" {
  description = "Of the cluster."
  type        = string
  default     = "1.34"
}

variable "api_cidrs" {
  description = "Who may reach Kubernetes' API from outside the network; empty for nobody."
  type        = list(string)
  default     = []
}

variable "node_type" {
  description = "Four processors and 16 GiB for four actors."
  type        = string
  default     = "m7i.xlarge"
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
