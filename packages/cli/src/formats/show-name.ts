/** Part of a value that became a name by mistake hardly looks like this. */
const CONVENTIONAL_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/** A place in the input, with the name there if it is certainly a name. */
export function showPlace(place: string, name: string): string {
  return CONVENTIONAL_NAME.test(name) ? `${place} (${name})` : place;
}
