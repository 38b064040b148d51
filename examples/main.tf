# Stores a secret on "terraform apply". Needs Terraform 1.10 for ephemeral variables, which are in no
# state and no plan, and bash, curl and jq. CONVAI_SECRETS_URL and CONVAI_SECRETS_TOKEN (cs_…) are in
# Terraform's own environment. Destroying the resource leaves the secret.

variable "crm_token" {
  type      = string
  ephemeral = true
}

variable "crm_token_version" {
  type        = number
  description = "Increase it to store crm_token again."
}

resource "terraform_data" "crm_token" {
  triggers_replace = var.crm_token_version

  provisioner "local-exec" {
    interpreter = ["bash", "-eo", "pipefail", "-c"]
    environment = { CRM_TOKEN = var.crm_token }
    command     = <<-EOT
      case $CONVAI_SECRETS_URL in https://* | http://127.0.0.1:*) ;; *) echo "CONVAI_SECRETS_URL must start with https://" >&2 && exit 2 ;; esac
      jq -nr '"header = \"authorization: Bearer \(env.CONVAI_SECRETS_TOKEN)\"",
        "data-binary = \({type: "new", name: "CRM_TOKEN", value: env.CRM_TOKEN} | tojson | tojson)"' |
        curl --config - -sS --fail-with-body --max-time 30 --retry 5 --retry-max-time 200 \
          -H 'content-type: application/json' "$${CONVAI_SECRETS_URL%/}/v1/convai/secrets"
    EOT
  }
}
