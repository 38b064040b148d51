/**
 * Whether a POST comes from a page of this Worker. Every current browser sends both headers with a
 * form, and a page of another site can set neither: without this check, it could send a decision
 * with the cookie of the operator who visits it (cross-site request forgery). A missing header
 * counts as forged.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function isFormOfThisOrigin({ headers, url }: Pick<Request, "headers" | "url">): boolean {
  return (
    headers.get("sec-fetch-site") === "same-origin" && headers.get("origin") === new URL(url).origin
  );
}
