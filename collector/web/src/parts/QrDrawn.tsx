import qrcode from "qrcode-generator";

interface Props {
  text: string;
  title: string;
}

/** Modules of free ground around it, without which it is not found (ISO/IEC 18004). */
const QUIET = 4;

/** The modules of a QR code, dark on what is behind it. */
export function QrDrawn({ text, title }: Props) {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const rows = Array.from({ length: size }, (_, row) => row);
  const dark = rows.flatMap((row) => rows.filter((column) => code.isDark(row, column)).map((column) => `M${column} ${row}h1v1h-1z`));
  return (
    <svg viewBox={`${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`} role="img" shapeRendering="crispEdges">
      <title>{title}</title>
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
