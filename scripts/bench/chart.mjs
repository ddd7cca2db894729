// Bars as SVG, for docs.
const [ROW, LEFT, WIDTH] = [26, 250, 460];

/** A bar for each { name, value }, with a line at the bar to be met. */
export function bars(title, rows, limit) {
  const most = Math.max(limit, ...rows.map(({ value }) => value)) * 1.1;
  const x = (value) => LEFT + (value / most) * WIDTH;
  const height = 40 + rows.length * ROW;
  const drawn = rows.map(({ name, value }, index) => {
    const y = 36 + index * ROW;
    return `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${name}</text>
<rect x="${LEFT}" y="${y}" width="${(x(value) - LEFT).toFixed(1)}" height="18" fill="#0f766e"/>
<text x="${(x(value) + 6).toFixed(1)}" y="${y + 14}">${value.toFixed(2)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 60} ${height}" font-family="sans-serif" font-size="13">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="20" font-weight="bold">${title}</text>
${drawn.join('\n')}
<line x1="${x(limit).toFixed(1)}" y1="30" x2="${x(limit).toFixed(1)}" y2="${height - 4}" stroke="#b91c1c" stroke-dasharray="4 3"/>
</svg>
`;
}
