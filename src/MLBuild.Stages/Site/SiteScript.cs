namespace MLBuild.Stages.Site;

/// <summary>What sorts tables and searches them. What it needs of a page it adds itself, so that nothing is there that
/// does nothing where scripts do not run.</summary>
internal static class SiteScript
{
    public const string Text =
        """
        'use strict';
        const tables = [...document.querySelectorAll('table.sortable')];

        const valueOf = (row, column) => {
          const cell = row.cells[column];
          return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
        };

        // Numbers before texts, and what is empty last, whichever way.
        const compare = (one, other, sign) => {
          if (one === '' || other === '') return (one === '') - (other === '');
          if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
          return sign * (typeof one === 'number' ? one - other : one.localeCompare(other, 'en', { numeric: true }));
        };

        for (const table of tables) {
          const heads = [...table.tHead.rows[0].cells];
          heads.forEach((head, column) => {
            const button = document.createElement('button');
            button.type = 'button';
            button.textContent = head.textContent;
            head.replaceChildren(button);
            button.addEventListener('click', () => {
              const down = head.getAttribute('aria-sort') === 'ascending';
              heads.forEach(other => other.removeAttribute('aria-sort'));
              head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
              const rows = [...table.tBodies[0].rows].map(row => [valueOf(row, column), row]);
              rows.sort((one, other) => compare(one[0], other[0], down ? -1 : 1));
              table.tBodies[0].append(...rows.map(pair => pair[1]));
            });
          });
        }

        if (tables.length > 0) {
          const label = document.createElement('label');
          const input = document.createElement('input');
          const found = document.createElement('output');
          label.append('Search tables ', input);
          input.type = 'search';
          document.querySelector('nav').append(label, found);
          const rows = tables.flatMap(table => [...table.tBodies[0].rows])
            .map(row => [row.textContent.toLowerCase(), row]);
          input.addEventListener('input', () => {
            const words = input.value.toLowerCase().split(/\s+/).filter(word => word !== '');
            let count = 0;
            for (const [text, row] of rows) {
              row.hidden = !words.every(word => text.includes(word));
              if (!row.hidden) count++;
            }
            found.textContent = words.length === 0 ? '' : count === 1 ? '1 row' : `${count} rows`;
            if (words.length > 0)
              for (const box of document.querySelectorAll('details'))
                if (box.querySelector('tbody tr:not([hidden])')) box.open = true;
          });
        }

        """;
}
