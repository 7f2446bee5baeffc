# A cluster whose nodes come with the work: one small node for what always runs, the rest by demand.

resource "aws_eks_cluster" "this" {
  name     = var.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.kubernetes_version
  tags     = var.tags

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  access_config {
    authentication_mode = "API"
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.this.arn
    }
  }
  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    # checkov:skip=CKV_AWS_39: on only for the addresses that api_cidrs names, none by default
    endpoint_public_access = length(var.api_cidrs) > 0
    public_access_cidrs    = length(var.api_cidrs) > 0 ? var.api_cidrs : null
  }
  depends_on = [aws_iam_role_policy_attachment.cluster]
}

resource "aws_eks_node_group" "steady" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "steady"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnet_ids
  instance_types  = [var.node_type]
  tags            = var.tags

  scaling_config {
    desired_size = 1
    min_size     = 1
    max_size     = 2
  }
  depends_on = [aws_iam_role_policy_attachment.node]
}

resource "aws_eks_node_group" "scan" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "scan"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnet_ids
  instance_types  = [var.node_type]
  capacity_type   = "SPOT" # a lost node costs a retry of its splits, see docs/ray.md
  tags            = var.tags

  scaling_config {
    desired_size = 0
    min_size     = 0
    max_size     = var.max_nodes
  }
  lifecycle {
    ignore_changes = [scaling_config[0].desired_size] # the autoscaler's: autoscaler.tf
  }
  depends_on = [aws_iam_role_policy_attachment.node]
}

# The chart's network policies hold only where this says that somebody enforces them.
resource "aws_eks_addon" "network" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "vpc-cni"
  configuration_values        = jsonencode({ enableNetworkPolicy = "true" })
  resolve_conflicts_on_create = "OVERWRITE"
  tags                        = var.tags
}

# Hands pods the role of their service account.
resource "aws_eks_addon" "pod_identity" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "eks-pod-identity-agent"
  tags         = var.tags
}

data "aws_iam_policy_document" "assume" {
  for_each = { cluster = "eks.amazonaws.com", node = "ec2.amazonaws.com" }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${var.name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.assume["cluster"].json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "node" {
  name               = "${var.name}-node"
  assume_role_policy = data.aws_iam_policy_document.assume["node"].json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
  ])
  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}
