/** What core imports from ky and valibot. */
export { default as ky } from "ky";
export {
  array,
  boolean,
  check,
  fallback,
  literal,
  nonEmpty,
  nullish,
  number,
  object,
  parse,
  pipe,
  safeParse,
  strictObject,
  string,
  transform,
  union,
} from "valibot";
