import { Problem } from "../problem.ts";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** A route and the value of its path's parameter. */
export interface FoundRoute {
  readonly route: Route;
  readonly parameter: string;
}

/**
 * Finds the route of a request by its exact path and its method.
 *
 * @throws {Problem} `not_found`, or `method_not_allowed` with the allowed methods
 */
export function findRoute(method: string, path: string): FoundRoute {
  const found = ROUTES.flatMap((route) => {
    const parameter = matchPath(path, route.path);
    return parameter === undefined ? [] : [{ route, parameter }];
  });
  if (found.length === 0) throw new Problem("not_found", "There is nothing at this path");
  const wanted = method === "HEAD" ? "GET" : method;
  const match = found.find(({ route }) => route.method === wanted);
  if (match !== undefined) return match;
  const allowed = found.flatMap(({ route }) =>
    route.method === "GET" ? ["GET", "HEAD"] : [route.method],
  );
  const detail = found[0]?.route.otherMethods ?? "This path does not support this method";
  throw new Problem("method_not_allowed", detail, {
    headers: { allow: allowed.join(", ") },
  });
}

/** The value of the path's parameter, empty without one; `undefined` if the path does not match. */
function matchPath(path: string, template: string): string | undefined {
  if (!template.includes("{")) return path === template ? "" : undefined;
  const [head = "", tail = ""] = template.split(/\{\w+\}/);
  if (!path.startsWith(head) || !path.endsWith(tail)) return undefined;
  const encoded = path.slice(head.length, path.length - tail.length);
  return encoded === "" || encoded.includes("/") ? undefined : decode(encoded);
}

/** A malformed encoding stays as it is: no parameter's rule allows a percent sign. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
