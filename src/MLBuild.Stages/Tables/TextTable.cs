using System.Globalization;
using System.Text;
using CsvHelper;

namespace MLBuild.Stages.Tables;

/// <summary>A table of any schema that is separated by commas or tabs, below a header. What a column holds is known by
/// its values: numbers, times, else texts; an empty field is absent.</summary>
internal sealed class TextTable : AnyTable
{
    private const int MostRows = 4096;
    private const int LongestLineBytes = 1 << 20;

    private readonly TextFile _text;
    private readonly CsvReader _reader;
    private readonly Field?[] _fields;

    /// <exception cref="TableException">It is empty, or not text.</exception>
    public TextTable(TextFile text, Func<string, bool>? wanted)
    {
        _text = text;
        _reader = CsvReader.Create(text.Open("expected a header line"), new CsvReaderOptions
        {
            Separator = text.Rows == RowFormat.Tsv ? '\t' : ',',
            Mode = text.Rows == RowFormat.Tsv ? CsvMode.NoEscape : CsvMode.Rfc4180,
            HasHeader = false,
            SkipEmptyLines = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            TrackLineNumbers = true,
            MaxRecordSize = LongestLineBytes,
        }, leaveOpen: false);
        try
        {
            if (!Read())
                throw new TableException($"'{text.Name}' has only empty lines: expected a header line.");
            _fields = [.. Enumerable.Range(0, _reader.FieldCount)
                .Select(i => Encoding.UTF8.GetString(_reader.GetSpan(i)))
                .Select(name => wanted?.Invoke(name) ?? true ? new Field(name) : null)];
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
        Columns = [.. _fields.OfType<Field>()];
    }

    public override IReadOnlyList<AnyColumn> Columns { get; }

    public override bool Next(int most = int.MaxValue)
    {
        for (Count = 0; Count < Math.Min(most, MostRows) && Read(); Count++)
        {
            if (_reader.FieldCount != _fields.Length)
                throw new TableException(string.Create(CultureInfo.InvariantCulture,
                    $"'{_text.Name}' line {_reader.LineNumber} has {_reader.FieldCount} fields, and the header " +
                    $"{_fields.Length}. Run the stage that wrote it again, or show it as .txt."));
            for (var i = 0; i < _fields.Length; i++)
                _fields[i]?.Set(Count, Encoding.UTF8.GetString(_reader.GetSpan(i)));
        }
        return Count > 0;
    }

    public override void Dispose() => _reader.Dispose();

    private bool Read()
    {
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException fault)
        {
            throw new TableException(string.Create(CultureInfo.InvariantCulture,
                $"'{_text.Name}' line {fault.LineNumber} cannot be read: {fault.Message}"), fault);
        }
    }

    private sealed class Field(string name) : AnyColumn
    {
        private readonly string[] _values = new string[MostRows];
        private long _absent;
        private long _present;
        private bool _hasTexts;
        private bool _hasTimes;
        private double _sum;
        private (double Position, string Text)? _min;
        private (double Position, string Text)? _max;

        public override string Name => name;

        public override string Type => _present == 0 || _hasTexts ? "text" : _hasTimes ? "time" : "number";

        public void Set(int row, string value)
        {
            _values[row] = value;
            if (value.Length == 0)
            {
                _absent++;
                return;
            }
            _present++;
            if (_hasTexts)
                return;
            var (number, time) = (NumberOf(value), TimeOf(value));
            // A column of both is one of texts.
            _hasTexts = (number ?? time) is null || (_present > 1 && _hasTimes != (number is null));
            _hasTimes = number is null;
            if ((number ?? time) is not { } position)
                return;
            _sum += position;
            _min = _min is { } min && min.Position <= position ? min : (position, value);
            _max = _max is { } max && max.Position >= position ? max : (position, value);
        }

        public override bool IsAbsent(int row) => _values[row].Length == 0;

        public override string Text(int row) => IsAbsent(row) ? Nothing : _values[row];

        public override double? Position(int row) =>
            _hasTexts ? null : NumberOf(_values[row]) ?? TimeOf(_values[row]);

        public override bool IsTime => _hasTimes && !_hasTexts;

        public override ulong Hash(int row) => HashOf(_values[row]);

        public override string[] Figures() =>
        [
            _absent.ToString(CultureInfo.InvariantCulture),
            _hasTexts ? Nothing : _min?.Text ?? Nothing,
            _hasTexts || _hasTimes || _present == 0
                ? Nothing : (_sum / _present).ToString("G6", CultureInfo.InvariantCulture),
            _hasTexts ? Nothing : _max?.Text ?? Nothing,
        ];

        private static double? NumberOf(string text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null;

        // Ticks in a double are exact to a tenth of a millisecond.
        private static double? TimeOf(string text) => text.Length >= 10 && text[4] == '-'
            && DateTime.TryParse(text, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.Ticks : null;
    }
}
