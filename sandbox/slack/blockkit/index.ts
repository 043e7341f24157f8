export interface Problem {
  code: string;
  message: string;
  pointer: string;
  constraint?: unknown;
}
type Json = Record<string, any>;
export function validateMessage(_payload: Json): Problem[] {
  return [];
}
export function validateView(_view: Json): Problem[] {
  return [];
}
export function validateOptions(_answer: Json): Problem[] {
  return [];
}
