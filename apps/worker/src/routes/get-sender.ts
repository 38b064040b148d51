import { PATHS, type SenderPage } from "@convai-secrets/protocol";
import type { SenderCall, SenderRoute } from "./route.ts";

/** `GET /v1/sender`: who the caller is and what it may do. */
export const getSenderRoute: SenderRoute = {
  id: "getSender",
  method: "GET",
  path: PATHS.sender,
  access: "sender",
  event: "sender",
  handle: getSender,
};

async function getSender({ authenticated, entry }: SenderCall): Promise<Response> {
  const { sender, method } = authenticated;
  entry.outcome = "shown";
  const page: SenderPage = {
    id: sender.id,
    names: sender.names,
    existing: sender.existing,
    authenticated_by: method,
  };
  return Response.json(page);
}
