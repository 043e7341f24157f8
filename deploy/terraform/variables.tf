variable "bucket" {
  description = "The bucket's name: VAULT_BUCKET."
  type        = string
}

variable "prefix" {
  description = "The folder in the bucket: VAULT_PREFIX. The bot may touch nothing outside."
  type        = string
  default     = "slack"

  validation {
    condition     = can(regex("^[^/*?].*[^/*?]$", var.prefix))
    error_message = "The prefix must not be empty, nor begin or end with a slash or a wildcard."
  }
}

variable "name" {
  description = "The name of the policy, and of the role or user."
  type        = string
  default     = "ria-vault"
}

variable "trust" {
  description = "Who may take the role, as the JSON of an assume-role policy. Without it, a user is made instead of a role."
  type        = string
  default     = null
}

variable "noncurrent_days" {
  description = "How long what was deleted or overwritten in the bucket can be had back, in days."
  type        = number
  default     = 90
}
