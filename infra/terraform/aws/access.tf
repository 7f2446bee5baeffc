# What lakescan's pods may do: read the lake, write the bucket of reports and results, and no more. The
# statements are those of infra/iam, which a test compares with the calls that lakescan makes.

data "aws_iam_policy_document" "pod" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "scan" {
  name               = "${var.name}-scan"
  assume_role_policy = data.aws_iam_policy_document.pod.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "read" {
  for_each = var.lake
  name     = "read-${each.key}"
  role     = aws_iam_role.scan.id
  policy   = templatefile("${path.module}/../../iam/aws-read.json", { bucket = each.key, prefix = each.value })
}

# How each bucket is protected is told beside what was found in it.
resource "aws_iam_role_policy" "posture" {
  for_each = var.lake
  name     = "posture-${each.key}"
  role     = aws_iam_role.scan.id
  policy   = templatefile("${path.module}/../../iam/aws-posture.json", { bucket = each.key })
}

resource "aws_iam_role_policy" "write" {
  name   = "write-runs"
  role   = aws_iam_role.scan.id
  policy = templatefile("${path.module}/../../iam/aws-write.json", { bucket = aws_s3_bucket.runs.bucket, prefix = "" })
}

resource "aws_iam_role_policy" "key" {
  name = "key-of-runs"
  role = aws_iam_role.scan.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = aws_kms_key.this.arn
    }]
  })
}

resource "aws_eks_pod_identity_association" "scan" {
  cluster_name    = aws_eks_cluster.this.name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.scan.arn
  tags            = var.tags
}
