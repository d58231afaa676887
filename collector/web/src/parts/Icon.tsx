import { icons, type Picture } from "./icons";

interface Props {
  name: Picture;
  size?: number;
}

/** A picture that says nothing by itself: a word stands beside it, or names what it stands in. */
export function Icon({ name, size = 16 }: Props) {
  const Shape = icons[name];
  return <Shape size={size} stroke={1.75} aria-hidden focusable={false} />;
}
