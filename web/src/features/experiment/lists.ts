/** Lists with one thing changed; the list itself stays as it was. */

export function inserted<T>(list: readonly T[], at: number, item: T): T[] {
  return [...list.slice(0, at), item, ...list.slice(at)];
}

export function removed<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, index) => index !== at);
}

export function replaced<T>(list: readonly T[], at: number, item: T): T[] {
  return list.map((old, index) => (index === at ? item : old));
}

/** The item at `from` stands at `to` afterwards. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  return item === undefined || to < 0 || to >= list.length
    ? [...list]
    : inserted(removed(list, from), to, item);
}
