import qrcode from "qrcode-generator";

interface Props {
  text: string;
  label: string;
  className: string;
}

/** A text that a telephone can read. */
export function QrCode({ text, label, className }: Props) {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const rows = Array.from({ length: size }, (_, row) => row);
  const dark = rows.flatMap((row) => rows.filter((column) => code.isDark(row, column)).map((column) => `M${column} ${row}h1v1h-1z`));
  return (
    <svg className={className} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
