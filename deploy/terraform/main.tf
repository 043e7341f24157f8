# The bucket and the rights of RIA Vault's bot on AWS. deploy/README.md says how to use it.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0, < 7.0"
    }
  }
}

locals {
  bucket_arn = "arn:${data.aws_partition.this.partition}:s3:::${aws_s3_bucket.vault.bucket}"
  # The same rights as in docs/storage.md; a test compares the two.
  rights = templatefile("${path.module}/rights.json.tftpl", {
    bucket = local.bucket_arn
    prefix = var.prefix
  })
}

data "aws_partition" "this" {}

resource "aws_s3_bucket" "vault" {
  bucket = var.bucket
  # Nothing here empties a bucket.
  force_destroy = false

  lifecycle {
    prevent_destroy = true
  }
}

# Nobody but who has rights, however an object is marked.
resource "aws_s3_bucket_public_access_block" "vault" {
  bucket                  = aws_s3_bucket.vault.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "vault" {
  bucket = aws_s3_bucket.vault.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# With versions, what a person or a stolen key deletes can be had back for a while.
resource "aws_s3_bucket_versioning" "vault" {
  bucket = aws_s3_bucket.vault.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "vault" {
  bucket = aws_s3_bucket.vault.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "vault" {
  bucket = aws_s3_bucket.vault.id

  # The bot ends uploads that broke off; these are those of a bot that never came back. They cost and nobody sees them.
  rule {
    id     = "broken-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # The bot removes versions itself when it removes a file for good. What others deleted goes after this time.
  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.vault]
}

# Only through TLS.
resource "aws_s3_bucket_policy" "vault" {
  bucket = aws_s3_bucket.vault.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyThroughTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.vault]
}

resource "aws_iam_policy" "vault" {
  name        = var.name
  description = "What the bot of RIA Vault may do with its bucket."
  policy      = local.rights
}

# A role where the bot runs on AWS: who may take it is in var.trust.
resource "aws_iam_role" "vault" {
  count              = var.trust == null ? 0 : 1
  name               = var.name
  assume_role_policy = var.trust
}

resource "aws_iam_role_policy_attachment" "vault" {
  count      = var.trust == null ? 0 : 1
  role       = aws_iam_role.vault[0].name
  policy_arn = aws_iam_policy.vault.arn
}

# A user where it runs elsewhere. Make its access key by hand: here, it would stand in Terraform's state.
resource "aws_iam_user" "vault" {
  count = var.trust == null ? 1 : 0
  name  = var.name
}

resource "aws_iam_user_policy_attachment" "vault" {
  count      = var.trust == null ? 1 : 0
  user       = aws_iam_user.vault[0].name
  policy_arn = aws_iam_policy.vault.arn
}
