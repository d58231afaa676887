import style from "./Initials.module.css";

/** A person in two letters; the name stands beside it. */
export function Initials({ name }: { name: string }) {
  const words = name.trim().split(/[\s._-]+/);
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return (
    <span className={style["initials"]} aria-hidden>
      {letters.join("").toUpperCase()}
    </span>
  );
}
