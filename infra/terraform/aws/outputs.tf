output "cluster" {
  description = "aws eks update-kubeconfig --name ..."
  value       = aws_eks_cluster.this.name
}

output "runs" {
  description = "Give it to --output and --to."
  value       = "s3://${aws_s3_bucket.runs.bucket}/"
}

output "role_arn" {
  description = "The role of lakescan's pods."
  value       = aws_iam_role.scan.arn
}
