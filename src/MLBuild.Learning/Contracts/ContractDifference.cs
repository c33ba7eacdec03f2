using System.Text.Json;

namespace MLBuild.Learning.Contracts;

/// <summary>What a changed contract says that the one before did not.</summary>
internal static class ContractDifference
{
    private const string Loosened = "  (loosened)";

    /// <summary>One line for each entry that differs: <c>fare_amount: mean 8..20 -> 8..25  (loosened)</c>. A change
    /// that lets data pass which did not pass before is marked, for that is what a reviewer must see.</summary>
    public static IReadOnlyList<string> Lines(ContractDocument was, ContractDocument now) =>
    [
        .. was.RowType == now.RowType ? [] : (string[])[$"row type {was.RowType} -> {now.RowType}"],
        .. was.Headers == now.Headers
            ? []
            : (string[])[$"headers {Text(was.Headers)} -> {Text(now.Headers)}{Mark(now.Headers > was.Headers)}"],
        .. was.History == now.History
            ? []
            : (string[])
            [
                $"history {Text(was.History)} -> {Text(now.History)}{Mark(IsLooser(was.History, now.History))}",
            ],
        .. Entries(was.Columns, now.Columns, column => $"column {column.Name}", Text, IsLooser, isCheck: false),
        .. Entries(was.Rules, now.Rules, Name, Text, IsLooser, isCheck: true),
        .. Entries(was.Expectations, now.Expectations, Name, Text, IsLooser, isCheck: true),
        .. Entries(
            was.Steady, now.Steady,
            steady => $"{Subject(steady.Column)}steady {Statistic(steady.Statistic, steady.Share)}",
            steady => Text(steady.Severity), (before, after) => after.Severity > before.Severity, isCheck: true),
        .. Entries(
            was.Beginnings, now.Beginnings, start => $"history starts at {start.File}", start => $"\"{start.Because}\"",
            (_, _) => false, isCheck: false, isAddedLooser: true),
        .. Entries(
            was.Extra, now.Extra, extra => $"extra column {extra.Name}", _ => "", (_, _) => false, isCheck: false,
            isAddedLooser: true),
    ];

    private static IEnumerable<string> Entries<TEntry>(
        IReadOnlyList<TEntry> was,
        IReadOnlyList<TEntry> now,
        Func<TEntry, string> name,
        Func<TEntry, string> text,
        Func<TEntry, TEntry, bool> isLooser,
        bool isCheck,
        bool isAddedLooser = false)
    {
        var (before, after) = (Named(was, name), Named(now, name));
        foreach (var (key, old) in before)
        {
            if (!after.TryGetValue(key, out var changed))
                yield return $"- {key.Name} {text(old)}".TrimEnd() + Mark(isCheck);
            else if (!IsSame(old, changed))
            {
                // Texts round; where only that hides the change, all of the entry is shown.
                Func<TEntry, string> shown = text(old) != text(changed) ? text : Json;
                yield return $"{key.Name} {shown(old)} -> {shown(changed)}{Mark(isLooser(old, changed))}";
            }
        }
        foreach (var (key, added) in after)
        {
            if (!before.ContainsKey(key))
                yield return $"+ {key.Name} {text(added)}".TrimEnd() + Mark(isAddedLooser);
        }
    }

    // Two checks can have one name, such as a bound that fails and a narrower one that warns: first is compared with
    // first.
    private static Dictionary<(string Name, int Number), TEntry> Named<TEntry>(
        IReadOnlyList<TEntry> entries, Func<TEntry, string> name) => entries
        .GroupBy(name)
        .SelectMany(same => same.Index().Select(entry => (Key: (same.Key, entry.Index), entry.Item)))
        .ToDictionary(entry => entry.Key, entry => entry.Item);

    // The order of categories says nothing.
    private static bool IsSame<TEntry>(TEntry was, TEntry now) => Json(was) == Json(now)
        || (was is ExpectationEntry { Allowed: { } before } old
            && now is ExpectationEntry { Allowed: { } after } changed
            && before.ToHashSet(StringComparer.Ordinal).SetEquals(after)
            && Json(old with { Allowed = after }) == Json(changed));

    private static string Json<TEntry>(TEntry entry) => JsonSerializer.Serialize(entry, ContractDocument.Options);

    private static string Mark(bool isLooser) => isLooser ? Loosened : "";

    private static string Subject(string? column) => column is null ? "" : $"{column}: ";

    // The name of a range has its bounds: one that was changed would be another rule.
    private static string Name(RuleEntry rule) => rule.Kind == RuleKind.Range
        ? $"{string.Join(", ", rule.Columns)}: range"
        : $"rule \"{rule.Rule}\"";

    private static string Name(ExpectationEntry entry) =>
        $"{Subject(entry.Column)}{Statistic(entry.Statistic, entry.Share)}{(entry.PerFile == true ? " per file" : "")}";

    private static string Statistic(Statistic statistic, double? share) => statistic switch
    {
        Contracts.Statistic.Rows => "rows",
        Contracts.Statistic.NullRatio => "null ratio",
        Contracts.Statistic.Mean => "mean",
        Contracts.Statistic.StandardDeviation => "standard deviation",
        Contracts.Statistic.Minimum => "minimum",
        Contracts.Statistic.Maximum => "maximum",
        Contracts.Statistic.Cardinality => "cardinality",
        Contracts.Statistic.OtherCategories => "categories",
        Contracts.Statistic.Quantile => $"{Figures.Percent(share ?? 0)} quantile",
        Contracts.Statistic.NewCategories => "new categories",
        Contracts.Statistic.VanishedCategories => "vanished categories",
        _ => throw new NotSupportedException($"BUG: no name for {statistic}."),
    };

    private static string Text(Severity severity) => severity == Severity.Warn ? "warns" : "fails";

    private static string Warns(Severity severity) => severity == Severity.Warn ? ", warns" : "";

    private static string Text(ColumnEntry column) =>
        $"{column.Type}{(column.Nullable == true ? "?" : "")}{(column.Missing == true ? ", may be missing" : "")}"
        + (column.OnlyIn is { } environment ? $", only in {environment}" : "");

    private static string Text(RuleEntry rule) =>
        (rule is { Min: null, Max: null } ? "" : $"{new Bounds(rule.Min, rule.Max)}, ")
        + $"of {string.Join(", ", rule.Columns)}, tolerance {Figures.Percent(rule.Tolerance)}{Warns(rule.Severity)}";

    private static string Text(ExpectationEntry entry) =>
        (entry.Allowed is { } allowed ? string.Join(", ", allowed) : new Bounds(entry.Min, entry.Max).ToString())
        + Warns(entry.Severity);

    private static string Text(HistoryOptions options) => FormattableString.Invariant(
        $"{options.LeastBatches} to {options.MostBatches} files, false alarms {options.FalseAlarms}, ")
        + FormattableString.Invariant(
            $"least {options.LeastMove}, {options.LeastRatio}, {options.LeastShare}, {options.LeastRank}");

    private static bool IsLooser(HistoryOptions was, HistoryOptions now) =>
        now.LeastBatches > was.LeastBatches || now.FalseAlarms < was.FalseAlarms || now.LeastMove > was.LeastMove
        || now.LeastRatio > was.LeastRatio || now.LeastShare > was.LeastShare || now.LeastRank > was.LeastRank;

    private static bool IsLooser(ColumnEntry was, ColumnEntry now) =>
        (now.Nullable == true && was.Nullable != true) || (now.Missing == true && was.Missing != true)
        || (now.OnlyIn is not null && was.OnlyIn is null);

    private static bool IsLooser(RuleEntry was, RuleEntry now) =>
        now.Tolerance > was.Tolerance || now.Severity > was.Severity
        || IsWider(was.Min, was.Max, now.Min, now.Max)
        // A longer key is equal more rarely.
        || (now.Kind == RuleKind.Unique && now.Columns.Except(was.Columns).Any());

    private static bool IsLooser(ExpectationEntry was, ExpectationEntry now) =>
        now.Severity > was.Severity || IsWider(was.Min, was.Max, now.Min, now.Max)
        || (was.Allowed is { } before && (now.Allowed is not { } after || after.Except(before).Any()));

    private static bool IsWider(double? wasMin, double? wasMax, double? nowMin, double? nowMax) =>
        (nowMin ?? double.NegativeInfinity) < (wasMin ?? double.NegativeInfinity)
        || (nowMax ?? double.PositiveInfinity) > (wasMax ?? double.PositiveInfinity);
}
