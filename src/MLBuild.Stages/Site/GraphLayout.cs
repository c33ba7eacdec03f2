namespace MLBuild.Stages.Site;

/// <summary>Where the boxes of a graph stand: in columns, each right of all that it needs.</summary>
/// <param name="Places">Of each box: its column, and its row, which need not be whole.</param>
/// <param name="Ways">Each arrow that no others imply, as the places that it leads through: box, gaps between boxes,
/// box.</param>
internal sealed record GraphLayout(
    IReadOnlyDictionary<string, GraphPlace> Places, IReadOnlyList<IReadOnlyList<GraphPlace>> Ways)
{
    public int Columns => Places.Values.Max(place => place.Column) + 1;

    public double Rows => Places.Values.Concat(Ways.SelectMany(way => way)).Max(place => place.Row) + 1;

    /// <param name="boxes">Each after those that it needs, with the names of those.</param>
    public static GraphLayout Of(IReadOnlyList<(string Name, IReadOnlyList<string> Needs)> boxes)
    {
        var needs = boxes.ToDictionary(
            box => box.Name, box => Direct(box.Needs, boxes), StringComparer.Ordinal);
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, _) in boxes)
            columns[name] = needs[name].Select(other => columns[other] + 1).DefaultIfEmpty(0).Max();

        // An arrow past a column gets a node there, so that it leads between boxes and not behind them.
        var nodes = boxes.Select(box => new Node(box.Name, columns[box.Name], [])).ToDictionary(node => node.Name);
        var ways = new List<List<string>>();
        foreach (var (name, _) in boxes)
        {
            foreach (var from in needs[name])
            {
                var way = new List<string> { from };
                for (var column = columns[from] + 1; column < columns[name]; column++)
                {
                    var gap = $"{from}\n{name}\n{column}";
                    nodes[gap] = new(gap, column, [way[^1]]);
                    way.Add(gap);
                }
                nodes[name].From.Add(way[^1]);
                way.Add(name);
                ways.Add(way);
            }
        }
        var rows = Rowed(nodes.Values);
        var places = nodes.Keys.ToDictionary(
            name => name, name => new GraphPlace(nodes[name].Column, rows[name]), StringComparer.Ordinal);
        return new(
            boxes.ToDictionary(box => box.Name, box => places[box.Name], StringComparer.Ordinal),
            [.. ways.Select(way => way.Select(name => places[name]).ToArray())]);
    }

    private sealed record Node(string Name, int Column, List<string> From);

    // What another need needs already, an arrow from it would only repeat.
    private static string[] Direct(
        IReadOnlyList<string> needs, IReadOnlyList<(string Name, IReadOnlyList<string> Needs)> boxes)
    {
        var all = boxes.ToDictionary(box => box.Name, box => box.Needs, StringComparer.Ordinal);
        var known = needs.Where(all.ContainsKey).ToArray();
        var implied = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(known.SelectMany(name => all[name]));
        while (open.TryPop(out var name))
        {
            if (implied.Add(name) && all.TryGetValue(name, out var further))
                foreach (var one in further)
                    open.Push(one);
        }
        return [.. known.Where(name => !implied.Contains(name))];
    }

    // Column by column, each node at the mean of those that lead to it, as far as its neighbours leave room.
    private static Dictionary<string, double> Rowed(IEnumerable<Node> nodes)
    {
        var rows = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var column in nodes.GroupBy(node => node.Column).OrderBy(group => group.Key))
        {
            var free = 0.0;
            foreach (var (node, wish) in column.Index()
                .Select(pair => (pair.Item, Wish: pair.Item.From.Count > 0
                    ? pair.Item.From.Average(from => rows[from]) : pair.Index))
                .OrderBy(pair => pair.Wish))
            {
                rows[node.Name] = Math.Max(wish, free);
                free = rows[node.Name] + 1;
            }
        }
        return rows;
    }
}

/// <summary>A place in a graph.</summary>
internal sealed record GraphPlace(int Column, double Row);
