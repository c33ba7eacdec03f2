using System.Text;
using System.Text.Json;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Requests;

/// <summary>Finds features that read a column which requests do not have. In training they see its values, in serving
/// they would see the default of its type, and nothing else would tell.</summary>
/// <remarks>A feature is a function that cannot be looked into, so it is tried: computed, or of a fitted one what it
/// looks up, for rows that differ in one withheld column only. The values that are tried are a few of each type and the
/// categories that the contract allows; a feature that reacts to nothing but others can pass.</remarks>
internal static class WithheldColumns
{
    private const int Rounds = 64;
    private const int Alternatives = 3;

    /// <exception cref="ServingException">The message names each such feature and what it reads.</exception>
    public static void Demand<TRow>(ServedRow<TRow> served, FeatureSet<TRow> features)
        where TRow : class, new()
    {
        var faults = ReadBy(served, features.Names.Select(name => $"'{name}'"), features.Inputs);
        if (faults.Length > 0)
            throw new ServingException(
                $"Features are computed from columns that requests do not have: {string.Join("; ", faults)}. "
                + "Add the columns to the served row, or train without the features.");
    }

    /// <exception cref="ServingException">The message names the columns that the key reads.</exception>
    public static void DemandKey<TRow>(ServedRow<TRow> served, Func<TRow, RowKey> key)
        where TRow : class, new()
    {
        var faults = ReadBy(served, ["the key"], [row => key(row)]);
        if (faults.Length > 0)
            throw new ServingException(
                "Served rows are named with a key from columns that requests do not have: "
                + $"{string.Join("; ", faults)}. Give the model definition a ServedKey of the columns they have.");
    }

    private static string[] ReadBy<TRow>(
        ServedRow<TRow> served, IEnumerable<string> names, IReadOnlyList<Func<TRow, object?>> inputs)
        where TRow : class, new()
    {
        var probe = new Probe<TRow>([.. names], inputs, Categories(served));
        return
        [
            .. served.Withheld.SelectMany(probe.FeaturesReading,
                (column, reader) => $"{reader} reads '{column.Name}'"),
        ];
    }

    // By column.
    private static ILookup<string, string> Categories<TRow>(ServedRow<TRow> served)
        where TRow : class, new() => (served.Contract?.ToDocument().Expectations ?? [])
        .Where(expectation => expectation is { Column: not null, Allowed: not null })
        .SelectMany(expectation => expectation.Allowed!, (of, category) => (of.Column, Category: category))
        .ToLookup(pair => pair.Column!, pair => pair.Category);

    private static byte[][] ValuesOf(ColumnType type, IEnumerable<string> categories) => type switch
    {
        ColumnType.String =>
            [.. ValuesOf(type), .. categories.Select(text => JsonSerializer.SerializeToUtf8Bytes(text))],
        ColumnType.Int32 or ColumnType.Int64 => [.. ValuesOf(type), .. categories.Select(Encoding.UTF8.GetBytes)],
        _ => ValuesOf(type),
    };

    private static byte[][] ValuesOf(ColumnType type)
    {
        using var values = JsonDocument.Parse(type switch
        {
            ColumnType.Boolean => "[false, true]",
            ColumnType.Int32 or ColumnType.Int64 => "[0, 1, 2, 3, 4, 5, 6, 13, 50, 99, 132]",
            ColumnType.Double or ColumnType.Decimal => "[0, 0.5, 1, 2.5, 7.25, 30, 120]",
            ColumnType.String => """["", "Y", "N", "a", "b"]""",
            ColumnType.DateTime =>
                """
                ["2018-01-01 00:00:00", "2018-01-01 00:12:30", "2019-02-28 17:05:00", "2019-03-01 09:30:00",
                 "2020-06-14 23:59:59"]
                """,
            _ => throw new ArgumentException($"BUG: no values for columns of type {type}."),
        });
        return [.. values.RootElement.EnumerateArray().Select(value => Encoding.UTF8.GetBytes(value.GetRawText()))];
    }

    private sealed class Probe<TRow>(
        string[] names, IReadOnlyList<Func<TRow, object?>> inputs, ILookup<string, string> categories)
        where TRow : class, new()
    {
        private readonly RowSchema<TRow> _schema = RowSchema<TRow>.Instance;

        private readonly (RequestField<TRow> Field, byte[][] Values)[] _columns =
        [
            .. RowSchema<TRow>.Instance.Columns
                .Select(column => (new RequestField<TRow>(column), ValuesOf(column.Type, categories[column.Name]))),
        ];

        public IEnumerable<string> FeaturesReading(Column<TRow> column)
        {
            var reads = new bool[names.Length];
            var place = _schema.Columns.Index().First(each => each.Item == column).Index;
            for (var round = 0; round < Rounds; round++)
            {
                if (Compute(round, place, alternative: 0) is not { } usual)
                    continue;
                for (var alternative = 1; alternative <= Alternatives; alternative++)
                {
                    if (Compute(round, place, alternative) is not { } other)
                        continue;
                    for (var i = 0; i < reads.Length; i++)
                        reads[i] |= !Equals(usual[i], other[i]);
                }
            }
            return names.Where((_, i) => reads[i]);
        }

        // Steps that grow with the column make all columns vary against each other.
        private object?[]? Compute(int round, int varied, int alternative)
        {
            var row = new TRow();
            for (var i = 0; i < _columns.Length; i++)
            {
                var (field, values) = _columns[i];
                var reader = new Utf8JsonReader(
                    values[(round * (i + 1) + i + (i == varied ? alternative : 0)) % values.Length]);
                reader.Read();
                field.TrySet(ref reader, row);
            }
            try
            {
                return [.. inputs.Select(input => input(row))];
            }
            catch (Exception)
            {
                // A feature may refuse a row that never occurs; there are others.
                return null;
            }
        }
    }
}
