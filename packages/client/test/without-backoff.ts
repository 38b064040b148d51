import { beforeEach, vi } from "vitest";

/** Makes every backoff of the file 0 ms; a wait that a server asks for is real. */
export function withoutBackoff(): void {
  beforeEach(() => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    return () => vi.restoreAllMocks();
  });
}
