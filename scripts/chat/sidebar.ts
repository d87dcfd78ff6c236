// The sidebar: the rooms, and the users in the current one.
import type { Room } from "./protocol.ts";
import type { Size } from "./screen.ts";
import type { Session } from "./session.ts";
import { colourOf, type Style } from "./style.ts";
import { truncate } from "./text.ts";

/** As many rooms and users as fit; nothing where they are unknown. */
export function sidebarRows(session: Session, size: Size, style: Style): string[] {
  if (size.columns === 0) return Array(size.rows).fill("");
  const users = [...session.users].sort();
  /** A name, marked if it is ours, and a number. */
  const item = (label: string, own: boolean, number: string) => {
    const text = truncate(
      `${own ? ">" : " "} ${label}`,
      size.columns - 2 - number.length,
    );
    return (own ? style("bold", text) : text) + style("dim", number);
  };
  const drawUser = (user: string) =>
    style(colourOf(user), item(user, user === session.name, ""));
  const drawRoom = (room: Room) => {
    const own = room.name === session.room;
    // The server may have counted the room earlier or later than it listed its users.
    const count = own && session.listed ? users.length : room.size;
    return item(room.name, own, count === undefined ? "" : ` ${count}`);
  };
  // Two titles and a blank line between them; the rooms leave half of the space to the
  // users.
  const { rooms, listed } = session;
  const space = size.rows - 3;
  const half = Math.min(rooms.length, Math.max(space - users.length, space >> 1));
  const rows = limit(rooms, half, drawRoom);
  if (rooms.length > 0) rows.unshift(style("bold", "Rooms"));
  if (rooms.length > 0) rows.push("");
  if (users.length > 0) {
    const title = session.knows("users") ? "Users" : "Users seen";
    rows.push(style("bold", title) + style("dim", listed ? ` ${users.length}` : ""));
    rows.push(...limit(users, space - half, drawUser));
  }
  const border = style("dim", "│");
  return Array.from({ length: size.rows }, (_, row) => `${border} ${rows[row] ?? ""}`);
}

/** As many as fit. If some do not, the last row says how many more there are. */
function limit<T>(all: readonly T[], space: number, draw: (one: T) => string): string[] {
  if (all.length <= space) return all.map(draw);
  const shown = all.slice(0, Math.max(0, space - 1));
  return [...shown.map(draw), `  … ${all.length - shown.length} more`];
}
