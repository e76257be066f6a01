/**
 * A formula or a piece of code wider than the column scrolls within itself; then it has to be reachable by
 * keyboard. Whether it is too wide is known only when it is laid out, so each is asked when it comes near the
 * window.
 */
export function watchEquations() {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        const wide = target.scrollWidth > target.clientWidth;
        if (wide) target.setAttribute("tabindex", "0");
        else target.removeAttribute("tabindex");
      }
    },
    { rootMargin: "50%" },
  );
  for (const wide of document.querySelectorAll(".equation > math, .prose pre")) near.observe(wide);
}
