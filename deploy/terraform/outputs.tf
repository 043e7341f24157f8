output "bucket" {
  description = "VAULT_BUCKET"
  value       = aws_s3_bucket.vault.bucket
}

output "prefix" {
  description = "VAULT_PREFIX"
  value       = var.prefix
}

output "region" {
  description = "AWS_REGION"
  value       = aws_s3_bucket.vault.region
}

output "role_arn" {
  description = "The bot's role; none where a user was made."
  value       = one(aws_iam_role.vault[*].arn)
}

output "user_name" {
  description = "The bot's user; none where a role was made."
  value       = one(aws_iam_user.vault[*].name)
}
