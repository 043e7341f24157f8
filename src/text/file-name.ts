/** The name of a file for people: its name, or else its title. */
export function nameOf({ name, title }: { name: string | null; title: string | null }): string | null {
  return name?.trim() ? name : title;
}
