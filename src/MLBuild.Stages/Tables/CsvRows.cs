using System.Collections;
using System.Text;
using CsvHelper;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Reads CSV files: comma-separated UTF-8 with a header, any line ends, any order of columns. What their names
/// say is not looked at; <see cref="RowFiles"/> does.</summary>
public static class CsvRows
{
    /// <summary>Checks the file and its header; the rows are read as they are enumerated.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="file">What faults and messages call it; the last part of the path where it is null.</param>
    /// <exception cref="TableException">The file is missing, empty, not text, or lacks columns of
    /// <typeparamref name="TRow"/>.</exception>
    public static CsvRows<TRow> Read<TRow>(string path, string? file = null)
        where TRow : class, new() =>
        new(new(path, file ?? Path.GetFileName(path), RowFormat.Csv), GivenColumns<TRow>.None);
}

/// <summary>The rows of a file of values that are separated by commas or tabs. Only empty lines are skipped.</summary>
/// <remarks>A quoted field cannot hold a line break, so an unclosed quote costs its own line and not the rest of the
/// file. Tab-separated values have no quotes and no escapes (IANA, text/tab-separated-values): each character stands
/// for itself, and a text that another dialect has quoted or escaped as a whole is a fault.</remarks>
public sealed class CsvRows<TRow> : RowFile<TRow>, IEnumerable<FileRow<TRow>>
    where TRow : class, new()
{
    /// <summary>A longer line ends the reading with a <see cref="TableException"/>: the file has lost its line ends.
    /// </summary>
    public const int LongestLineBytes = 1 << 20;

    private readonly TextFile _text;
    private readonly GivenColumns<TRow> _given;

    internal CsvRows(TextFile text, GivenColumns<TRow> given)
        : base(text.Name)
    {
        (_text, _given) = (text, given);
        using var lines = new Pass(text, given, new());
        Header = lines.Header;
    }

    public CsvHeader Header { get; }

    public override IReadOnlyList<string> Columns => Header.Columns;

    /// <exception cref="TableException">The file has changed and is no longer such a table.</exception>
    public override RowPass<TRow> Begin(PassOptions<TRow> options) => new Pass(_text, _given, options);

    public IEnumerator<FileRow<TRow>> GetEnumerator() => Lines().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One pass over the file.</summary>
    private sealed class Pass : RowPass<TRow>
    {
        private readonly string _file;
        private readonly PassOptions<TRow> _options;
        private readonly GivenColumns<TRow> _given;
        private readonly CsvReader _reader;
        private readonly byte[] _headerLine;
        private readonly long _skippedLines;
        private readonly CsvField[] _fields;
        private readonly int[] _positions;
        private CsvMalformedRecord? _malformed;

        public Pass(TextFile text, GivenColumns<TRow> given, PassOptions<TRow> options)
        {
            (_file, _options, _skippedLines) = (text.Name, options, text.SkippedLines);
            var expected = "expected a header line with "
                + string.Join(", ", RowSchema<TRow>.Instance.Columns.Select(column => column.Name));
            _reader = CsvReader.Create(text.Open(expected), Options(text.Rows), leaveOpen: false);
            try
            {
                if (!ReadLine())
                    throw new TableException($"'{_file}' has only empty lines: {expected}.");
                if (_malformed is { } malformed)
                    throw new TableException(
                        $"'{_file}' line {malformed.LineNumber}: the header has {Quoting(malformed.Reason)}.");
                _headerLine = [.. _reader.RawRecord];
                var columns = Enumerable.Range(0, _reader.FieldCount)
                    .Select(i => Encoding.UTF8.GetString(_reader.GetSpan(i)))
                    .ToArray();
                _given = given.Without(columns);
                Header = CsvHeader.Check<TRow>(text, columns, _given);
                var wanted = RowSchema<TRow>.Instance.Columns
                    .Where(column => options.Reads(column) && !_given.Has(column)).ToArray();
                _fields = [.. wanted.Select(column => CsvField.For(Batch.Find(column), text.Rows))];
                _positions = [.. wanted.Select(column => Array.IndexOf(columns, column.Name))];
            }
            catch
            {
                _reader.Dispose();
                throw;
            }
        }

        public CsvHeader Header { get; }

        public override void Dispose() => _reader.Dispose();

        public override bool Next()
        {
            Batch.Clear();
            while (!Batch.IsFull && ReadLine())
            {
                var line = _reader.LineNumber + _skippedLines;
                if (_options.Wants(line) && Fault(line) is { } fault)
                    _options.Fault(fault);
            }
            _given.Fill(Batch);
            return Batch.Count > 0;
        }

        private bool ReadLine()
        {
            _malformed = null;
            try
            {
                if (!_reader.Read())
                    return false;
            }
            catch (CsvFormatException fault)
            {
                // Recover and Allow leave one reason to throw.
                throw TooLong(fault.LineNumber + _skippedLines, fault);
            }
            // The reader takes a longer line that happens to be in its buffer as a whole.
            if (_reader.RawRecord.Length > LongestLineBytes)
                throw TooLong(_reader.LineNumber + _skippedLines);
            return true;
        }

        private TableException TooLong(long line, Exception? cause = null) => new(
            $"'{_file}' line {line} is longer than {LongestLineBytes} bytes. Does the file have line ends?", cause);

        /// <summary>Adds the line to the batch.</summary>
        /// <returns>Why it cannot be added; null where it was.</returns>
        private RowFault? Fault(long line)
        {
            if (_malformed is { } malformed)
                return Fault(line, $"the line has {Quoting(malformed.Reason)}");
            if (_reader.FieldCount != Header.Columns.Count)
                return Fault(line, $"expected {Header.Columns.Count} fields, found {_reader.FieldCount}");
            // Where all columns are texts, nothing else would tell.
            if (_reader.RawRecord.SequenceEqual(_headerLine))
                return Fault(line, "the line is the header again, as where files were joined");

            Batch.Reserve();
            for (var i = 0; i < _fields.Length; i++)
            {
                var text = _reader.GetSpan(_positions[i]);
                if (_fields[i].TryRead(text, Batch.Count))
                    continue;
                var value = text.IsEmpty ? null : RowFault.Shorten(text);
                return new(_file, line, _fields[i].Column, value, _fields[i].Expected);
            }
            Batch.Commit(_file, line);
            return null;
        }

        private RowFault Fault(long line, string reason) =>
            new(_file, line, null, RowFault.Shorten(_reader.RawRecord), reason);

        private static string Quoting(CsvMalformedReason reason) => reason switch
        {
            CsvMalformedReason.StrayQuote => "a quote inside an unquoted field",
            CsvMalformedReason.TextAfterClosingQuote => "text after a closing quote",
            CsvMalformedReason.LineBreakInQuotes => "a quote that is not closed",
            CsvMalformedReason.UnterminatedQuote => "a quote that is not closed",
            _ => throw new InvalidOperationException($"BUG: the options exclude {reason} in a CSV line."),
        };

        // Recover and Allow, not Skip: skipped lines are reported inside Read, so a file of bad lines would gather in
        // memory. Recovered, each line comes back by itself, after the callback, and is made a fault above.
        private CsvReaderOptions Options(RowFormat rows) => new()
        {
            Separator = rows == RowFormat.Tsv ? '\t' : ',',
            Mode = rows == RowFormat.Tsv ? CsvMode.NoEscape : CsvMode.Rfc4180,
            HasHeader = false,
            SkipEmptyLines = true,
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Recover,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MissingField = CsvMissingFieldHandling.Throw,
            OnMalformedRecord = malformed => _malformed = malformed,
            TrackLineNumbers = true,
            MaxRecordSize = LongestLineBytes,
            BufferSize = 1 << 18,
        };
    }
}
