using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shapes;

/// <summary>Each class is one way in which code is reached by reflection, its own or the framework's.</summary>
public static class Accessors
{
    private sealed class Vault
    {
        private double Secret() => 161;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Secret")]
    private static extern double Open(Vault vault);

    public static double Value() => Open(new Vault());
}

public static class Attributes
{
    [AttributeUsage(AttributeTargets.Class)]
    private sealed class SizeAttribute(double size) : Attribute
    {
        public double Size => size + 162;
    }

    [Size(163)]
    private sealed class Marked;

    public static double Value() => typeof(Marked).GetCustomAttribute<SizeAttribute>()!.Size;
}

public static class Converters
{
    [JsonConverter(typeof(Always))]
    private sealed record Price(double Amount);

    private sealed class Always : JsonConverter<Price>
    {
        public override Price Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(reader.GetDouble() + 164);

        public override void Write(Utf8JsonWriter writer, Price value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Amount + 165);
    }

    public static double Value() => JsonSerializer.Deserialize<Price>("1")!.Amount
        + JsonSerializer.Serialize(new Price(1)).Length;
}

public static class Activation
{
    private sealed class Motor
    {
        public override string ToString() => "166";
    }

    public static double Value() => $"{Activator.CreateInstance(typeof(Motor), nonPublic: true)}".Length;
}

public static class MethodsOfTypes
{
    private static class Target
    {
        private static double Hidden() => 167;
    }

    public static double Value() => (double)typeof(Target)
        .GetMethod("Hidden", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, null)!;
}

public static class TypesByLiteral
{
    public static double Value() => $"{Activator.CreateInstance(Type.GetType("Shapes.Literal")!)}".Length;
}

public sealed class Literal
{
    public override string ToString() => "168";
}

public static class Enums
{
    private enum Season
    {
        Spring = 169,
        Summer = 170,
    }

    public static double Value() => (double)(int)Enum.Parse<Season>("Spring") + Enum.GetValues<Season>().Length;
}

public static class Graphs
{
    private sealed class Order
    {
        public Line[] Lines { get; set; } = [new()];
    }

    private sealed class Line
    {
        public Item Item { get; set; } = new();
    }

    private sealed class Item
    {
        public int Price { get; set; } = 171;
    }

    public static double Value() => JsonSerializer.Serialize(new Order()).Length;
}

public static class OnlyRead
{
    private sealed class Order
    {
        public Line? Line { get; set; }
    }

    private sealed class Line
    {
        public int Price
        {
            get;
            set => field = value + 172;
        }
    }

    public static double Value() => JsonSerializer.Deserialize<Order>("""{"Line":{"Price":3}}""")!.Line!.Price;
}
