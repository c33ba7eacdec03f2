using System.Text;

namespace MLBuild.Stages.Tables;

/// <summary>The lines of a text, one at a time, whatever ends them: LF, CR LF or CR. A byte order mark before the first
/// is no part of it.</summary>
/// <param name="skippedLines">Lines before the first, which are counted.</param>
internal sealed class LineReader(
    Stream stream, string name, int longestBytes, long skippedLines = 0) : IDisposable
{
    private byte[] _buffer = new byte[1 << 16];
    private int _next;
    private int _end;
    private bool _isEnded;
    private bool _afterReturn;
    private int _start;
    private int _length;

    /// <summary>The number of the current line, from 1.</summary>
    public long Number { get; private set; } = skippedLines;

    /// <summary>The current line without its end, valid until the next is read.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _length);

    /// <returns>False at the end of the text.</returns>
    /// <exception cref="TableException">The line is too long.</exception>
    public bool Read()
    {
        if (Number == 0 && _end == 0)
            SkipMark();
        var searched = 0;
        while (true)
        {
            if (_afterReturn && _next < _end)
            {
                _afterReturn = false;
                _next += _buffer[_next] == (byte)'\n' ? 1 : 0;
            }
            var length = _buffer.AsSpan(_next + searched, _end - _next - searched).IndexOfAny((byte)'\n', (byte)'\r');
            if (length >= 0)
            {
                Take(searched + length);
                _afterReturn = _buffer[_next] == (byte)'\r';
                _next++;
                return true;
            }
            searched = _end - _next;
            if (searched > longestBytes)
                throw TooLong();
            if (!Fill())
            {
                if (searched == 0)
                    return false;
                Take(searched);
                return true;
            }
        }
    }

    public void Dispose() => stream.Dispose();

    private void Take(int length)
    {
        if (length > longestBytes)
            throw TooLong();
        Number++;
        (_start, _length) = (_next, length);
        _next += length;
    }

    private TableException TooLong() => new(
        $"'{name}' line {Number + 1} is longer than {longestBytes} bytes. Does the file have line ends?");

    private void SkipMark()
    {
        var mark = Encoding.UTF8.Preamble;
        while (_end < mark.Length && Fill())
            continue;
        if (_buffer.AsSpan(0, _end).StartsWith(mark))
            _next = mark.Length;
    }

    private bool Fill()
    {
        if (_isEnded)
            return false;
        if (_next > 0)
        {
            _buffer.AsSpan(_next, _end - _next).CopyTo(_buffer);
            (_next, _end) = (0, _end - _next);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = stream.Read(_buffer.AsSpan(_end));
        _isEnded = read == 0;
        _end += read;
        return read > 0;
    }
}
