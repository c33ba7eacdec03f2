using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Recipes;

/// <summary>Options in the recipe: every member, all the way down, and nothing that has no lasting text.</summary>
public sealed class EnteringParameters
{
    private static readonly Sample Start = new();

    /// <summary>For each member of <see cref="Sample"/>, options that differ in it alone.</summary>
    public static TheoryData<string, object> Changes => new()
    {
        { "Text", Start with { Text = "B" } },
        { "Nothing", Start with { Nothing = "" } },
        { "Letter", Start with { Letter = '\t' } },
        { "Flag", Start with { Flag = true } },
        { "Int", Start with { Int = -2 } },
        { "Long", Start with { Long = 1L << 40 } },
        { "Short", Start with { Short = 2 } },
        { "Byte", Start with { Byte = 2 } },
        { "SByte", Start with { SByte = 2 } },
        { "UInt", Start with { UInt = 2 } },
        { "ULong", Start with { ULong = 2 } },
        { "UShort", Start with { UShort = 2 } },
        { "Decimal", Start with { Decimal = 1.50m } },
        { "Double", Start with { Double = Math.BitIncrement(0.1) } },
        { "Single", Start with { Single = MathF.BitIncrement(0.1f) } },
        { "Maybe", Start with { Maybe = 0 } },
        { "Choice", Start with { Choice = DayOfWeek.Monday } },
        { "Time", Start with { Time = DateTime.UnixEpoch.AddTicks(1) } },
        { "Zoned", Start with { Zoned = DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(1)) } },
        { "Date", Start with { Date = new(2019, 2, 2) } },
        { "OfDay", Start with { OfDay = new(1, 2, 3, 4) } },
        { "Span", Start with { Span = TimeSpan.FromTicks(2) } },
        { "Hash", Start with { Hash = ContentHash.Of("b") } },
        { "Numbers", Start with { Numbers = [2, 1] } },
        { "Texts", Start with { Texts = ["a,b"] } },
        { "Inner", Start with { Inner = new(1, new(0, "y")) } },
        { "Inners", Start with { Inners = [new(1, new(0, "x")), new(2, new(0, "y"))] } },
        { "Struct", Start with { Struct = new(2, "x") } },
        { "Field", Start with { Field = 2 } },
        { "Internal", Start with { Internal = 2 } },
        { "Hidden", Start.WithHidden(2) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void EveryMemberCounts(string member, object changed)
    {
        var change = Assert.Single(RecipeDiff.Between(Of(Start), Of(changed)));
        Assert.StartsWith(member, (change.After ?? change.Before)!.Name.TrimStart('_'),
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void NoMemberIsLeftOutOfThisTest()
    {
        var members = Of(Start).Entries.Select(entry => entry.Name.Split('.', '[')[0].TrimStart('_').ToLowerInvariant())
            .Distinct();
        Assert.Equal(Changes.Select(row => ((string)row[0]).ToLowerInvariant()).Order(), members.Order());
    }

    [Fact]
    public void MemberThatIsNoInputIsLeftOut() => Assert.Empty(RecipeDiff.Between(
        Of(new Reached(new("a"), 1)), Of(new Reached(new("b"), 1))));

    private sealed record Reached([property: NotAnInput] Host Server, int Rows);

    private sealed record Host(string Name);

    [Fact]
    public void EntriesArePinned() => Assert.Equal(
        """
        parameter	Depth	int32	3
        parameter	Inner	record	Nested
        parameter	Inner.A	int32	1
        parameter	Inner.B	string	x
        parameter	Names	list	2
        parameter	Names[0]	string	a
        parameter	Names[1]	null	null
        parameter	Rate	double	0.05

        """.ReplaceLineEndings("\n"),
        Of(new { Depth = 3, Rate = 0.05, Names = new[] { "a", null }, Inner = new Nested(1, "x") }).Text[
            "mlbuild-recipe 1\n".Length..]);

    [Fact]
    public void NoOptionsGiveNoEntries()
    {
        Assert.Empty(ParameterEntries.Of(null));
        Assert.Empty(ParameterEntries.Of(new Empty()));
    }

    [Fact]
    public void ShapesThatLookAlikeAreToldApart()
    {
        object[] shapes =
        [
            new { X = "a" }, new { X = "'a'" }, new { X = new[] { "a" } }, new { X = new[] { "a", "b" } },
            new { X = new[] { "a,b" } },
            new { X = new[] { new[] { "a" }, [] } }, new { X = new[] { [], new[] { "a" } } },
            new { X = new[] { new[] { "a" } } },
            new { X = new Nested(0, "a") }, new { X = "1" }, new { X = 1 }, new { X = 1L }, new { X = 1.0 },
            new { X = 1m }, new { X = true },
            new { X = "true" }, new { X = (string?)null }, new { X = "null" }, new { X = "" },
            new { X = Array.Empty<int>() }, new { X = '1' },
            new { X = 0.0 }, new { X = -0.0 }, new { X = double.NaN }, new { X = "NaN" }, new { X = 1f },
            new { X = 1.0m },
            new { X = DateTime.UnixEpoch }, new { X = new DateTime(1970, 1, 1) }, new { X = DateTimeOffset.UnixEpoch },
        ];
        Assert.Equal(shapes.Length, shapes.Select(shape => Of(shape).Fingerprint).Distinct().Count());
    }

    [Fact]
    public void EqualOptionsGiveEqualText()
    {
        Assert.Equal(Of(new Sample()).Text, Of(new Sample()).Text);
        // What a list is kept in is not what it is.
        Assert.Equal(Of(new { X = new[] { 1, 2 } }).Text, Of(new { X = new List<int> { 1, 2 } }).Text);
    }

    [Fact]
    public void CultureDoesNotMatter()
    {
        var text = Of(Start).Text;
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = German.Culture;
            Assert.Equal("0,5", 0.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(text, Of(Start).Text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void TypesWithoutALastingTextAreNamed()
    {
        const string Use =
            "which cannot be a parameter of a stage. Use numbers, text, enums, dates, lists of those, or a record of " +
            "those.";
        Assert.Equal($"Odd.Value is a Dictionary, {Use}", Message(new Odd(new Dictionary<string, int>())));
        Assert.Equal($"Odd.Value is a MemoryStream, {Use}", Message(new Odd(new MemoryStream())));
        Assert.Equal($"Odd.Value is a Action, {Use}", Message(new Odd(() => { })));
        Assert.Equal($"Odd.Value is a HashSet, {Use}", Message(new Odd(new HashSet<int>())));
        Assert.Equal($"Odd.Value is a Int32[,], {Use}", Message(new Odd(new int[1, 2])));
        Assert.Equal($"Odd.Value[1].Value is a Object, {Use}",
            Message(new Odd(new[] { new Odd(1), new Odd(new object()) })));
        Assert.Equal($"options.X is a Object, {Use}", Message(new { X = new object() }));
    }

    [Fact]
    public void OptionsThatAreNoRecordAreNamed()
    {
        const string Use =
            "not a record. Use a record of numbers, text, enums, dates, lists of those, or a record of those.";
        Assert.Equal($"The options of a stage are a String, {Use}", Message("0.05"));
        Assert.Equal($"The options of a stage are a List, {Use}", Message(new List<int> { 1 }));
        Assert.Equal($"The options of a stage are a Plain, {Use}", Message(new Plain()));
    }

    private static Recipe Of(object? options) => new(ParameterEntries.Of(options));

    private static string Message(object options) => Assert.Throws<PipelineException>(() => Of(options)).Message;

    private sealed record Nested(int A, string B);

    private sealed record Deep(int A, Nested Below);

    private readonly record struct Pair(int A, string B);

    private sealed record Empty;

    private sealed record Odd(object Value);

    private sealed class Plain
    {
        public int Value { get; set; }
    }

    private record Sample
    {
        public int Field = 1;
        private readonly int _hidden = 1;

        public Sample()
        {
        }

        private Sample(Sample other, int hidden)
            : this(other) => _hidden = hidden;

        public string Text { get; init; } = "b";
        public string? Nothing { get; init; }
        public char Letter { get; init; } = ';';
        public bool Flag { get; init; }
        public int Int { get; init; } = 1;
        public long Long { get; init; } = 1;
        public short Short { get; init; } = 1;
        public byte Byte { get; init; } = 1;
        public sbyte SByte { get; init; } = 1;
        public uint UInt { get; init; } = 1;
        public ulong ULong { get; init; } = 1;
        public ushort UShort { get; init; } = 1;
        public decimal Decimal { get; init; } = 1.5m;
        public double Double { get; init; } = 0.1;
        public float Single { get; init; } = 0.1f;
        public int? Maybe { get; init; }
        public DayOfWeek Choice { get; init; }
        public DateTime Time { get; init; } = DateTime.UnixEpoch;
        public DateTimeOffset Zoned { get; init; } = DateTimeOffset.UnixEpoch;
        public DateOnly Date { get; init; } = new(2019, 2, 1);
        public TimeOnly OfDay { get; init; } = new(1, 2, 3);
        public TimeSpan Span { get; init; } = TimeSpan.FromTicks(1);
        public ContentHash Hash { get; init; } = ContentHash.Of("a");
        public int[] Numbers { get; init; } = [1, 1];
        public IReadOnlyList<string> Texts { get; init; } = ["a"];
        public Deep Inner { get; init; } = new(1, new(0, "x"));
        public IReadOnlyList<Deep> Inners { get; init; } = [new(1, new(0, "x")), new(2, new(0, "x"))];
        public Pair Struct { get; init; } = new(1, "x");
        internal int Internal { get; init; } = 1;

        public Sample WithHidden(int hidden) => new(this, hidden);

        public override string ToString() => $"sample {_hidden}";
    }
}
