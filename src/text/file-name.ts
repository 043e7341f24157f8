/** What a file is called where people read of it: its name, else its title. */
export function nameOf({ name, title }: { name: string | null; title: string | null }): string | null {
  return name?.trim() ? name : title;
}
