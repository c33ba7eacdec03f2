using System.Text;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>A model card as HTML: headings, paragraphs, lists, tables, code and bold of the Markdown that
/// <see cref="Cards.CardStage"/> writes. What is no markup there is text here, whatever it looks like.</summary>
internal static class CardHtml
{
    public static void Write(PageText page, string markdown)
    {
        foreach (var block in markdown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Trim('\n').Split('\n');
            if (lines[0].StartsWith("# ", StringComparison.Ordinal))
                Element(page, "h3", lines[0][2..]);
            else if (lines[0].StartsWith("## ", StringComparison.Ordinal))
                Element(page, "h4", lines[0][3..]);
            else if (lines[0].StartsWith("- ", StringComparison.Ordinal))
                List(page, lines);
            else if (lines.Length > 1 && lines[0].StartsWith("| ", StringComparison.Ordinal))
                Table(page, lines);
            else
                Element(page, "p", string.Join(' ', lines));
        }
    }

    private static void Element(PageText page, string name, string text)
    {
        page.Raw($"<{name}>");
        Inline(page, text);
        page.Raw($"</{name}>\n");
    }

    private static void List(PageText page, string[] lines)
    {
        page.Raw("<ul>\n");
        foreach (var line in lines)
            Element(page, "li", line.StartsWith("- ", StringComparison.Ordinal) ? line[2..] : line);
        page.Raw("</ul>\n");
    }

    private static void Table(PageText page, string[] lines)
    {
        page.Raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table of the card\"><table>\n"
            + "<thead><tr>");
        foreach (var cell in Cells(lines[0]))
        {
            page.Raw("<th scope=\"col\">");
            Inline(page, cell);
            page.Raw("</th>");
        }
        page.Raw("</tr></thead>\n<tbody>\n");
        foreach (var line in lines.Skip(2))
        {
            page.Raw("<tr>");
            foreach (var cell in Cells(line))
            {
                page.Raw("<td>");
                Inline(page, cell);
                page.Raw("</td>");
            }
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
    }

    // A bar behind a backslash ends no cell.
    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        foreach (var (i, sign) in line.Index())
        {
            if (sign != '|' || (i > 0 && line[i - 1] == '\\'))
                cell.Append(sign);
            else
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
        }
        // Before the first bar there is nothing.
        return cells[1..];
    }

    private static void Inline(PageText page, string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                plain.Append(text[++i]);
            else if (text[i] == '`' && text.IndexOf('`', i + 1) is > 0 and var end)
            {
                Flush();
                page.Raw("<kbd>").Sentence(text[(i + 1)..end].Replace("\\|", "|")).Raw("</kbd>");
                i = end;
            }
            else if (text.AsSpan(i).StartsWith("**")
                && text.IndexOf("**", i + 2, StringComparison.Ordinal) is > 0 and var close)
            {
                Flush();
                page.Raw("<b>").Sentence(text[(i + 2)..close]).Raw("</b>");
                i = close + 1;
            }
            else
                plain.Append(text[i]);
        }
        Flush();

        void Flush()
        {
            page.Sentence(plain.ToString());
            plain.Clear();
        }
    }
}
