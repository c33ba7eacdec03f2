using System.Globalization;
using System.Reflection;
using System.Text;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>A contract document as C# to paste beside the row type.</summary>
public static class ContractCode
{
    /// <summary>A static class with the contract. Rules that only C# can say are comments there.</summary>
    public static string Render<TRow>(ContractDocument document)
        where TRow : class, new()
    {
        var names = typeof(TRow).GetProperties()
            .Where(property => property.GetCustomAttribute<ColumnAttribute>() is not null)
            .ToDictionary(property => property.GetCustomAttribute<ColumnAttribute>()!.Name, property => property.Name);
        var type = typeof(TRow).Name;
        var code = new StringBuilder();
        code.Append($"using MLBuild.Learning.Contracts;\n\n");
        if (typeof(TRow).Namespace is { } space)
            code.Append($"namespace {space};\n\n");
        code.Append($"/// <summary>What rows of {type} must satisfy: proposed from data, for you to change.");
        code.Append("</summary>\n");
        code.Append($"public static class {type}Contract\n{{\n");
        foreach (var rule in document.Rules.Where(rule => rule.Kind is RuleKind.Code or RuleKind.References))
            code.Append($"    // Rule {Text(rule.Rule)} is C# of its own.\n");
        code.Append($"    public static readonly Contract<{type}> Proposed = Contract.For<{type}>()");
        foreach (var line in About(document, names))
            code.Append($"\n        {line}");
        foreach (var entry in document.Expectations.Where(entry => entry.Column is null))
        {
            var verb = entry.PerFile == true ? "RowsPerFile" : "Rows";
            Line(code, entry.Severity, $".{verb}({Limits(entry.Min, entry.Max, isWhole: true)})");
        }
        foreach (var rule in document.Rules)
        {
            var rows = rule.Columns.Select(column => $"row => row.{names[column]}");
            if (rule is { Kind: RuleKind.Finite, Tolerance: > 0 })
                Line(code, rule.Severity, $".NonFinite({Number(rule.Tolerance)})");
            if (rule.Kind == RuleKind.Monotone)
                Line(code, rule.Severity, $".Monotone({rows.Single()}, {Number(rule.Tolerance)})");
            if (rule.Kind == RuleKind.Unique)
                Line(
                    code, rule.Severity,
                    $".Unique({Text(rule.Rule)}, {Number(rule.Tolerance)}, {string.Join(", ", rows)})");
        }
        foreach (var steady in document.Steady.Where(steady => steady.Column is null))
            Line(code, steady.Severity, ".SteadyRows()");
        foreach (var column in document.Columns)
        {
            var usual = HistoryCheck.Usual(RowSchema<TRow>.Instance.Find(column.Name)!).ToArray();
            foreach (var severity in new[] { Severity.Fail, Severity.Warn })
            {
                string[] checks = [.. Checks(document, column, severity), .. Steady(document, column, usual, severity)];
                if (checks.Length > 0)
                    Line(
                        code, severity,
                        $".Column(row => row.{names[column.Name]}, column => column"
                        + $"{string.Concat(checks.Select(check => $"\n            {check}"))})");
            }
        }
        return code.Append(";\n}\n").ToString();
    }

    // What is said of the data set, and by no check.
    private static IEnumerable<string> About(ContractDocument document, IReadOnlyDictionary<string, string> names)
    {
        if (document.Headers != Severity.Fail)
            yield return $".Headers(Severity.{document.Headers})";
        foreach (var extra in document.Extra)
            yield return $".AllowsExtraColumns({Text(extra.Name)})";
        foreach (var column in document.Columns.Where(column => column.Missing == true))
            yield return $".AllowsMissingColumns({Text(column.Name)})";
        foreach (var column in document.Columns.Where(column => column.OnlyIn is not null))
            yield return $".OnlyInTraining(row => row.{names[column.Name]})";
        var (history, usual) = (document.History, new HistoryOptions());
        (string Name, double Value, double Usual)[] options =
        [
            (nameof(history.LeastBatches), history.LeastBatches, usual.LeastBatches),
            (nameof(history.MostBatches), history.MostBatches, usual.MostBatches),
            (nameof(history.FalseAlarms), history.FalseAlarms, usual.FalseAlarms),
            (nameof(history.LeastMove), history.LeastMove, usual.LeastMove),
            (nameof(history.LeastRatio), history.LeastRatio, usual.LeastRatio),
            (nameof(history.LeastShare), history.LeastShare, usual.LeastShare),
            (nameof(history.LeastRank), history.LeastRank, usual.LeastRank),
        ];
        var members = options.Where(option => option.Value != option.Usual)
            .Select(option => $"{option.Name} = {Number(option.Value)}");
        if (history != usual)
            yield return $".History(new() {{ {string.Join(", ", members)} }})";
        foreach (var start in document.Beginnings)
            yield return $".HistoryStartsAt({Text(start.File)}, {Text(start.Because)})";
    }

    private static IEnumerable<string> Checks(ContractDocument document, ColumnEntry column, Severity severity) =>
    [
        .. document.Rules
            .Where(rule => rule.Kind == RuleKind.Range && rule.Columns[0] == column.Name && rule.Severity == severity)
            .Select(rule => $".Range({Limits(rule.Min, rule.Max)}, tolerance: {Number(rule.Tolerance)})"),
        .. document.Expectations
            .Where(entry => entry.Column == column.Name && entry.Severity == severity)
            .Select(entry => entry.Statistic switch
            {
                Statistic.OtherCategories =>
                    $".Categories({string.Join(", ", entry.Allowed!.Select(value => Literal(column.Type, value)))})",
                Statistic.Quantile => $".Quantile({Number(entry.Share!.Value)}, {Limits(entry.Min, entry.Max)})",
                Statistic.Cardinality => $".Cardinality({Limits(entry.Min, entry.Max, isWhole: true)})",
                var statistic => $".{statistic}({Limits(entry.Min, entry.Max)})",
            }),
    ];

    private static string[] Steady(
        ContractDocument document,
        ColumnEntry column,
        IReadOnlyList<(Statistic Statistic, double? Share)> usual,
        Severity severity)
    {
        var steady = document.Steady
            .Where(entry => entry.Column == column.Name && entry.Severity == severity)
            .Select(entry => (entry.Statistic, entry.Share))
            .ToArray();
        if (steady.Length == usual.Count && steady.All(usual.Contains))
            return [".Steady()"];
        var others = steady.Where(entry => entry.Share is null).Select(entry => $"Statistic.{entry.Statistic}");
        var shares = steady.Select(entry => entry.Share).OfType<double>().Select(Number);
        return
        [
            .. others.Any() ? [$".Steady({string.Join(", ", others)})"] : (string[])[],
            .. shares.Any() ? [$".SteadyQuantiles({string.Join(", ", shares)})"] : (string[])[],
        ];
    }

    private static void Line(StringBuilder code, Severity severity, string check) => code.Append(
        severity == Severity.Fail ? $"\n        {check}" : $"\n        .Warning(warning => warning{check})");

    private static string Limits(double? min, double? max, bool isWhole = false)
    {
        Func<double, string> text = isWhole ? number => number.ToString("F0", CultureInfo.InvariantCulture) : Number;
        return (min, max) switch
        {
            ({ } low, { } high) => $"{text(low)}, {text(high)}",
            ({ } low, null) => $"min: {text(low)}",
            (null, { } high) => $"max: {text(high)}",
            _ => "",
        };
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Literal(ColumnType type, string value) => type switch
    {
        ColumnType.String => Text(value),
        ColumnType.Int64 => $"{value}L",
        ColumnType.Decimal => $"{value}m",
        ColumnType.DateTime =>
            $"System.DateTime.Parse({Text(value)}, System.Globalization.CultureInfo.InvariantCulture)",
        _ => value,
    };

    // Everything but plain characters as an escape, which no reader and no compiler can mistake.
    private static string Text(string value) => $"\"{string.Concat(value.Select(Escaped))}\"";

    private static string Escaped(char c) =>
        c is >= ' ' and <= '~' and not ('"' or '\\') ? $"{c}" : FormattableString.Invariant($"\\u{(int)c:x4}");
}
