using System.Text;
using MLBuild.Engine.Commands;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>What is kept and what is shown of a program's output.</summary>
public sealed class ShowingOutput
{
    private readonly StringBuilder _kept = new();
    private readonly List<string> _shown = [];

    [Theory]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("\n\na\n", "", "", "a")]
    [InlineData("1%\r2%\r3%\n", "3%")]
    [InlineData("1%\r2%\r", "2%")]
    [InlineData("1%\r\r\n\n", "1%", "")]
    [InlineData("\u001b[1;31mred\u001b[0m\n", "red")]
    [InlineData("a\tb\a\0c\n", "a\tb\ufffd\ufffdc")]
    [InlineData("\u001b[", "")]
    [InlineData("")]
    public async Task Lines(string text, params string[] shown)
    {
        await Read(text);
        Assert.Equal(shown, _shown);
        Assert.Equal(text.Length > 0 && !text.EndsWith('\n') ? text + "\n" : text, _kept.ToString());
    }

    [Fact]
    public async Task BytesThatAreNoTextAreShownAsSuch()
    {
        await Read([0xff, 0xfe, (byte)'a', (byte)'\n'], 1);
        Assert.Equal(["\ufffd\ufffda"], _shown);
    }

    [Fact]
    public async Task OfALongLineTheBeginningIsShownAndAllIsKept()
    {
        var line = string.Concat(Enumerable.Repeat("0123456789", 100_000));
        await Read(line + "\nb\n");
        Assert.Equal([$"{line[..OutputText.MostShown]}… (1,000,000 characters)", "b"], _shown);
        Assert.Equal(line + "\nb\n", _kept.ToString());
    }

    [Fact]
    public void ProgressIsShownNowAndThen()
    {
        var clock = new StepClock();
        var text = new OutputText(new([]), clock, _ => { }, _shown.Add);
        foreach (var state in Enumerable.Range(1, 25))
        {
            clock.Seconds++;
            text.Write($"{state}%\r");
        }
        text.End();
        Assert.Equal(["10%", "20%", "25%"], _shown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SecretsAreHiddenHoweverTheTextComes(int seed)
    {
        var random = new Random(seed);
        var secret = "s3cr3t\\t0k3n";
        for (var i = 0; i < 50; i++)
        {
            _kept.Clear();
            _shown.Clear();
            var text = string.Concat(Enumerable.Range(0, 40).Select(_ => random.Next(4) switch
            {
                0 => secret,
                1 => new string('x', random.Next(9_000)),
                2 => secret[..random.Next(secret.Length)],
                _ => random.Next(3) == 0 ? "\n" : "ü😀",
            }));
            await Read(Encoding.UTF8.GetBytes(text), random.Next(1, 20_000), secret);
            Assert.Equal(text.Replace(secret, "***") + (text.EndsWith('\n') ? "" : "\n"), _kept.ToString());
            Assert.DoesNotContain(_shown, line => line.Contains(secret));
        }
    }

    [Fact]
    public async Task LinesOfASecretOfSeveralAreHidden()
    {
        await Read(Encoding.UTF8.GetBytes("{\nprivate\n}\n"), 100, "{\nprivate\n}\n");
        Assert.Equal(["{", "***", "}"], _shown);
    }

    private Task Read(string text) => Read(Encoding.UTF8.GetBytes(text), 3);

    private async Task Read(byte[] bytes, int atOnce, params string[] secrets)
    {
        var text = new OutputText(new(secrets), TimeProvider.System, piece => _kept.Append(piece), _shown.Add);
        await text.Read(new Dripping(bytes, atOnce));
        text.End();
    }

    private sealed class StepClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long GetTimestamp() => Seconds * TimestampFrequency;
    }

    private sealed class Dripping(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }
}
