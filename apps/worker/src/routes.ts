import { Problem } from "./problem.ts";

/** What the Worker can be asked for. */
export type Route = "createSecret" | "listDeliveries" | "healthz" | "openapi";

/** A route that is read: asking for its headers alone is asking too. */
const reading = (route: Route): ReadonlyMap<string, Route> =>
  new Map([
    ["GET", route],
    ["HEAD", route],
  ]);

/** Every route by path and method. */
export const ROUTES: ReadonlyMap<string, ReadonlyMap<string, Route>> = new Map([
  ["/v1/convai/secrets", new Map([["POST", "createSecret" as const]])],
  ["/v1/deliveries", reading("listDeliveries")],
  ["/healthz", reading("healthz")],
  ["/openapi.json", reading("openapi")],
]);

/**
 * Finds what a request asks for, by its exact path and method.
 *
 * @throws {Problem} `not_found`, or `method_not_allowed` with the methods that are
 */
export function findRoute({ method, url }: Pick<Request, "method" | "url">): Route {
  // What a caller puts into Host is part of the URL, and need not make one.
  const methods = ROUTES.get(URL.parse(url)?.pathname ?? "");
  if (methods === undefined) throw new Problem("not_found", "There is nothing at this path");
  const route = methods.get(method);
  if (route !== undefined) return route;
  throw new Problem("method_not_allowed", "This path does not take this method", {
    headers: { allow: [...methods.keys()].join(", ") },
  });
}
