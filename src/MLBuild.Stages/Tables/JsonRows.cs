using System.Text.Json;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>The rows of a file with one JSON object a line. Lines of nothing but spaces are skipped.</summary>
/// <remarks>The columns are the properties that the first <see cref="SampledLines"/> lines have. A property that one
/// line lacks is absent there: a fault where the row type has no absent value. One that no sampled line has refuses the
/// file if the row type cannot do without, or if another is spelled like it. In a part of a file that grows such lines
/// are faults, and only what would be absent without one refuses it. A property that a partition folder gives, and that
/// only a later line has, is a fault there.</remarks>
internal sealed class JsonRows<TRow> : RowFile<TRow>
    where TRow : class, new()
{
    /// <summary>The lines that are looked at for columns.</summary>
    public const int SampledLines = 1_000;

    /// <summary>A longer line ends the reading with a <see cref="TableException"/>.</summary>
    public const int LongestLineBytes = 1 << 20;

    private const string Expected = "expected one JSON object a line";

    private readonly TextFile _text;
    private readonly GivenColumns<TRow> _given;

    /// <param name="isPart">Whether the lines are some of many that are read like this, and say nothing of the others.
    /// </param>
    public JsonRows(TextFile text, GivenColumns<TRow> given, bool isPart)
        : base(text.Name)
    {
        _text = text;
        Columns = JsonSample.ColumnsOf(text, Open(text), SampledLines);
        _given = given.Without(Columns);
        DemandColumns(isPart);
    }

    public override IReadOnlyList<string> Columns { get; }

    public override RowPass<TRow> Begin(PassOptions<TRow> options) => new Pass(_text, _given, options);

    private static LineReader Open(TextFile text) =>
        new(text.Open(Expected), text.Name, LongestLineBytes, text.SkippedLines);

    private void DemandColumns(bool isPart)
    {
        var unseen = RowSchema<TRow>.Instance.Columns
            .Where(column => !_given.Has(column) && !Columns.Contains(column.Name)).ToArray();
        var extra = Columns.Where(name => RowSchema<TRow>.Instance.Find(name) is null).ToArray();
        var missing = unseen
            .Where(column => column.IsNullable
                ? extra.Any(name => Plain(name) == Plain(column.Name)) : !isPart)
            .Select(column => column.Name).ToArray();
        if (missing.Length > 0)
            throw new TableException(
                $"'{Name}' lacks {ColumnNames.Missing(missing, extra)} "
                + $"The columns of {Sampled()} are {ColumnNames.List(Columns)}.");

        string Sampled() => _text.IsContinued
            ? FormattableString.Invariant($"the {SampledLines} lines behind line {_text.SkippedLines}")
            : FormattableString.Invariant($"its first {SampledLines} lines");

        static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }

    /// <summary>One pass over the file.</summary>
    private sealed class Pass : RowPass<TRow>
    {
        private readonly string _file;
        private readonly PassOptions<TRow> _options;
        private readonly GivenColumns<TRow> _given;
        private readonly LineReader _lines;
        private readonly JsonField[] _fields;

        public Pass(TextFile text, GivenColumns<TRow> given, PassOptions<TRow> options)
        {
            (_file, _options, _given) = (text.Name, options, given);
            _lines = Open(text);
            _fields =
            [
                .. RowSchema<TRow>.Instance.Columns
                    .Where(column => options.Reads(column))
                    .Select(column => given.Has(column)
                        ? JsonField.Given(column.Name) : JsonField.For(Batch.Find(column))),
            ];
        }

        public override void Dispose() => _lines.Dispose();

        public override bool Next()
        {
            Batch.Clear();
            while (!Batch.IsFull && _lines.Read())
            {
                if (!JsonSample.IsBlank(_lines.Line) && _options.Wants(_lines.Number) && Fault() is { } fault)
                    _options.Fault(fault);
            }
            _given.Fill(Batch);
            return Batch.Count > 0;
        }

        /// <summary>Adds the line to the batch.</summary>
        /// <returns>Why it cannot be added; null where it was.</returns>
        private RowFault? Fault()
        {
            Batch.Reserve();
            try
            {
                if (FaultIn(_lines.Line) is { } fault)
                    return fault;
            }
            catch (JsonException fault)
            {
                return Whole($"{Expected}; it is none at byte {(fault.BytePositionInLine ?? 0) + 1}");
            }
            catch (InvalidOperationException)
            {
                return Whole("expected text in UTF-8, found half of a pair of escapes or other bytes");
            }
            Batch.Commit(_file, _lines.Number);
            return null;
        }

        private RowFault? FaultIn(ReadOnlySpan<byte> line)
        {
            var reader = JsonSample.Reader(line);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return Whole(Expected);
            RowFault? first = null;
            var next = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var field = Find(ref reader, ref next);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (field is null)
                {
                    reader.Skip();
                    continue;
                }
                var isTwice = field.SeenIn == _lines.Number;
                field.SeenIn = _lines.Number;
                var isGood = reader.TokenType == JsonTokenType.Null
                    ? field.TrySetAbsent(Batch.Count)
                    : field.TryRead(ref reader, Batch.Count);
                reader.Skip();
                if (!isGood || isTwice)
                    first ??= new(_file, _lines.Number, field.Column,
                        RowFault.Shorten(line[start..(int)reader.BytesConsumed]),
                        isTwice ? "expected it once in a line" : field.Expected);
            }
            // Throws where anything but spaces follows.
            reader.Read();
            foreach (var field in _fields)
            {
                if (field.SeenIn != _lines.Number && !field.TrySetAbsent(Batch.Count))
                    first ??= new(_file, _lines.Number, field.Column, null, field.Expected);
            }
            return first;
        }

        // Most lines have their properties in one order.
        private JsonField? Find(ref Utf8JsonReader reader, ref int next)
        {
            for (var i = 0; i < _fields.Length; i++)
            {
                var at = next + i < _fields.Length ? next + i : next + i - _fields.Length;
                if (!_fields[at].IsNamed(ref reader))
                    continue;
                next = at + 1 == _fields.Length ? 0 : at + 1;
                return _fields[at];
            }
            return null;
        }

        private RowFault Whole(string reason) =>
            new(_file, _lines.Number, null, RowFault.Shorten(_lines.Line), reason);
    }
}
