/** Where to go after the door: only to a place in here. */
export function inside(back: string | undefined): string {
  return back && /^\/(?![/\\])/.test(back) ? back : "/";
}
