// Texts whose WCAG contrast with what is behind them is below 4.5, as [ratio, text].
() => {
  const parse = (color) => { const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number); return [r, g, b, a] };
  const over = (top, below) => below.map((value, i) => top[3] * top[i] + (1 - top[3]) * value);
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const linear = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ratio = (element) => {
    const { color, fill } = getComputedStyle(element), background = behind(element);
    const text = over(parse(element instanceof SVGElement ? fill : color), background);
    const [dark, bright] = [luminance(text), luminance(background)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const own = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.data.trim()).join("");
  return [...document.body.querySelectorAll("*:not(script, style)")].filter(own)
    .map((element) => [ratio(element), own(element)]).filter(([value]) => value < 4.5);
}
