// The sidebar: the rooms, and who is in the current one.
/** @jsxRuntime automatic */
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { colourOf } from "./colour.ts";
import { layoutOf, type View } from "./view.ts";

/** Rooms and users, as many as there is room for; nothing where they are unknown. */
export function Sidebar({ view }: { readonly view: View }) {
  const { talk, sidebar } = layoutOf(view.size);
  const { rooms, users, room, name } = view.state;
  // Two titles and a line between them; the rooms leave half of it to the users.
  const space = talk.rows - 3;
  const roomsSpace = Math.min(rooms.length, Math.max(space - users.length, space >> 1));
  return (
    <Box width={sidebar} height={talk.rows}>
      <Text dimColor>{`${"│\n".repeat(talk.rows - 1)}│`}</Text>
      <Box flexDirection="column" width={sidebar - 1} paddingLeft={1}>
        {rooms.length > 0 && <Text bold>Rooms</Text>}
        {limit(rooms, roomsSpace, ({ name: other, size }) => (
          <Text key={other} bold={other === room} wrap="truncate">
            {`${other === room ? ">" : " "} ${other}`}
            {size !== undefined && <Text dimColor>{` ${size}`}</Text>}
          </Text>
        ))}
        {rooms.length > 0 && users.length > 0 && <Text> </Text>}
        {users.length > 0 && (
          <Text bold>
            Users <Text dimColor>{users.length}</Text>
          </Text>
        )}
        {limit(users, space - roomsSpace, (user) => (
          <Text key={user} color={colourOf(user)} bold={user === name} wrap="truncate">
            {`${user === name ? ">" : " "} ${user}`}
          </Text>
        ))}
      </Box>
    </Box>
  );
}

/** As many as fit; when not all do, the last row says how many more there are. */
function limit<T>(all: readonly T[], space: number, draw: (one: T) => ReactNode) {
  if (all.length <= space) return all.map(draw);
  const more = all.length - Math.max(0, space - 1);
  return [
    ...all.slice(0, Math.max(0, space - 1)).map(draw),
    <Text key=" more" dimColor>{`  … ${more} more`}</Text>,
  ];
}
