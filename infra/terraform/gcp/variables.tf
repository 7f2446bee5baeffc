variable "name" {
  description = "Names the cluster, the service account and the bucket."
  type        = string
  default     = "lakescan"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{5,24}$", var.name))
    error_message = "name: 6 to 25 lower-case letters, digits and dashes."
  }
}

variable "project" {
  description = "The project's id."
  type        = string
}

variable "region" {
  description = "Of the cluster and the bucket; the lake's own, else each byte read is billed."
  type        = string
}

variable "network" {
  description = "The VPC network's self link."
  type        = string
}

variable "subnetwork" {
  description = "A subnetwork's self link, with private Google access."
  type        = string
}

variable "lake" {
  description = "The buckets that may be read."
  type        = set(string)
}

variable "api_cidrs" {
  description = "Who may reach Kubernetes' API from outside the network, by a name of yours; empty for nobody."
  type        = map(string)
  default     = {}
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

variable "labels" {
  description = "Of everything that takes labels."
  type        = map(string)
  default     = { app = "lakescan" }
}
