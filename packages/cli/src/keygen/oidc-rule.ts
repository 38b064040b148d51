import type { OidcRule } from "@convai-secrets/protocol";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";

/** The options of `keygen` that describe an OIDC sender. */
export interface OidcOptions {
  readonly github?: string;
  readonly gitlab?: string;
  readonly kubernetes?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly repositoryId?: string;
  readonly ownerId?: string;
  readonly projectId?: string;
  readonly namespaceId?: string;
  readonly ref?: string;
  readonly environment?: string;
  readonly workflow?: string;
}

type Claims = Record<string, string>;

/**
 * Builds the rule by which the Worker recognises the OIDC tokens of a platform. Ids are never looked
 * up: a name can belong to another owner tomorrow.
 *
 * @param defaultAudience the Worker's address, if it is configured
 * @returns `undefined` if no platform is named
 * @throws {CommandFailure} that names the missing options
 */
export function buildOidcRule(
  options: OidcOptions,
  defaultAudience: string | undefined,
): Omit<OidcRule, "jwks"> | undefined {
  const { github, gitlab, kubernetes } = options;
  const named = [github, gitlab, kubernetes].filter((platform) => platform !== undefined);
  if (named.length === 0) {
    const unused = Object.keys(options).length > 0;
    if (unused) throw reject("This option needs --github, --gitlab or --kubernetes");
    return undefined;
  }
  if (named.length > 1) throw reject("--github, --gitlab and --kubernetes exclude each other");
  const audience = options.audience ?? defaultAudience;
  if (audience === undefined) {
    throw reject("--audience is required: the Worker's address (or set CONVAI_SECRETS_URL)");
  }
  if (github !== undefined) return { ...describeGitHub(github, options), audience };
  if (gitlab !== undefined) return { ...describeGitLab(gitlab, options), audience };
  return { ...describeKubernetes(kubernetes ?? "", options), audience };
}

function describeGitHub(repository: string, options: OidcOptions) {
  const { repositoryId, ownerId, ref, environment, workflow } = options;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw reject("--github must be OWNER/REPO");
  if (repositoryId === undefined || ownerId === undefined) {
    throw reject(
      "--repository-id and --owner-id are required. To read them: " +
        `gh api repos/${repository} --jq '"--repository-id \\(.id) --owner-id \\(.owner.id)"'`,
    );
  }
  if (ref === undefined && environment === undefined && workflow === undefined) {
    throw reject("One of --ref, --environment and --workflow is required");
  }
  const claims: Claims = {
    repository_id: repositoryId,
    repository_owner_id: ownerId,
    ...(ref === undefined ? {} : { ref: expandRef(ref) }),
    ...(environment === undefined ? {} : { environment }),
    ...(workflow === undefined ? {} : { job_workflow_ref: expandWorkflow(repository, workflow) }),
  };
  return { issuer: options.issuer ?? "github", claims };
}

/** `main` is short for `refs/heads/main`. */
function expandRef(ref: string): string {
  return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}

/** `deploy.yml@main` is short for the path of a workflow of this repository and a branch. */
function expandWorkflow(repository: string, workflow: string): string {
  const [path = "", ref] = workflow.split("@");
  if (ref === undefined) throw reject("--workflow must be FILE@REF, such as deploy.yml@main");
  const file = path.includes("/") ? path : `${repository}/.github/workflows/${path}`;
  return `${file}@${expandRef(ref)}`;
}

function describeGitLab(project: string, options: OidcOptions) {
  const { projectId, namespaceId, ref, environment } = options;
  if (!/^[\w.-]+(?:\/[\w.-]+)+$/.test(project)) throw reject("--gitlab must be GROUP/PROJECT");
  if (projectId === undefined || namespaceId === undefined) {
    throw reject(
      "--project-id and --namespace-id are required. To read them: " +
        `glab api projects/${encodeURIComponent(project)} (fields id and namespace.id)`,
    );
  }
  if (ref === undefined && environment === undefined) {
    throw reject("--ref or --environment is required");
  }
  const claims: Claims = {
    project_id: projectId,
    namespace_id: namespaceId,
    ...(ref === undefined ? {} : { ref }),
    ...(environment === undefined ? {} : { environment }),
    ref_protected: "true",
  };
  return { issuer: options.issuer ?? "gitlab", claims };
}

function describeKubernetes(account: string, { issuer }: OidcOptions) {
  if (!/^[a-z0-9-]+\/[a-z0-9.-]+$/.test(account)) {
    throw reject("--kubernetes must be NAMESPACE/SERVICE_ACCOUNT");
  }
  if (issuer === undefined) {
    throw reject(
      "--issuer is required. To read it: " +
        "kubectl get --raw /.well-known/openid-configuration | jq -r .issuer",
    );
  }
  return { issuer, claims: { sub: `system:serviceaccount:${account.replace("/", ":")}` } };
}

function reject(message: string): CommandFailure {
  return new CommandFailure("usage", EXIT.usage, message);
}
