import * as v from 'valibot';

/**
 * Reads what a modal or a button sent back, if it has the shape that we gave it; otherwise null. It may be forged: it
 * says what was meant, but does not prove that the person may do it.
 */
export function readJson<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
): v.InferOutput<Schema> | null {
  try {
    const read = v.safeParse(schema, JSON.parse(String(json)));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
